import { graphql } from '@/gql';

export const StreamTopics = graphql(`
  query StreamTopics {
    streamTopics
    service {
      streamBackend
    }
  }
`);

export const StreamHealth = graphql(`
  subscription StreamHealth {
    service {
      name
      checks {
        name
        ok
        message
      }
    }
  }
`);

export const StreamTail = graphql(`
  subscription StreamTail($topic: String, $after: Cursor) {
    messages(topic: $topic, after: $after) {
      cursor
      topic
      partition
      offset
      key
      value
      text
      sizeBytes
      timestamp
    }
  }
`);

export const LookAtStream = graphql(`
  query LookAtStream($topic: String, $most: Int!, $waitMs: Int!) {
    consumeMessages(topic: $topic, maxMessages: $most, timeoutMs: $waitMs) {
      __typename
      ... on ConsumeMessagesSuccess {
        messages {
          cursor
          topic
          partition
          offset
          key
          value
          text
          sizeBytes
          timestamp
        }
      }
      ... on StreamUnavailable {
        message
      }
      ... on ValueOutOfRange {
        message
      }
    }
  }
`);

export const PublishToStream = graphql(`
  mutation PublishToStream($input: PublishMessageInput!) {
    publishMessage(input: $input) {
      __typename
      ... on PublishMessageSuccess {
        topic
        partition
        offset
      }
      ... on Error {
        message
      }
    }
  }
`);
