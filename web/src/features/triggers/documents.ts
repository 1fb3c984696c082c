import { graphql } from '@/gql';

export const TriggersLive = graphql(`
  subscription TriggersLive {
    triggers {
      id
      name
      pipelineName
      topic
      start
      status
      statusReason
      problem
      lag
      lastMessageAt
      lastError
      poisonCount
      params {
        name
        source
      }
      lastRun {
        id
        status
      }
    }
  }
`);

export const TriggersBackend = graphql(`
  query TriggersBackend {
    service {
      streamBackend
    }
  }
`);

export const TriggerChoices = graphql(`
  query TriggerChoices {
    pipelines(first: 200) {
      nodes {
        id
        name
        params {
          name
          type
          required
        }
      }
    }
  }
`);

export const SaveTrigger = graphql(`
  mutation SaveTrigger($input: SaveTriggerInput!) {
    saveTrigger(input: $input) {
      __typename
      ... on SaveTriggerSuccess {
        trigger {
          id
          name
        }
      }
      ... on ParamsInvalid {
        problems {
          message
          path
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const PauseTrigger = graphql(`
  mutation PauseTrigger($input: PauseTriggerInput!) {
    pauseTrigger(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const ResumeTrigger = graphql(`
  mutation ResumeTrigger($input: ResumeTriggerInput!) {
    resumeTrigger(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const DeleteTrigger = graphql(`
  mutation DeleteTrigger($input: DeleteTriggerInput!) {
    deleteTrigger(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);

export const PoisonPage = graphql(`
  query PoisonPage($name: String!) {
    trigger(name: $name) {
      id
      poisonMessages(first: 100) {
        totalCount
        nodes {
          id
          partition
          offset
          error
          key
          value
          sizeBytes
          sentAt
        }
      }
    }
  }
`);

export const DismissPoison = graphql(`
  mutation DismissPoison($input: DismissPoisonMessageInput!) {
    dismissPoisonMessage(input: $input) {
      __typename
      ... on Error {
        message
      }
    }
  }
`);
