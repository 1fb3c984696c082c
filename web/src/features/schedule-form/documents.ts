import { graphql } from '@/gql';

export const ScheduleToEdit = graphql(`
  query ScheduleToEdit($name: String!, $isNew: Boolean!) {
    schedule(name: $name) @skip(if: $isNew) {
      id
      name
      cron
      timeZone
      params
      tickParam
      overlap
      catchUpSeconds
      jitterSeconds
      priority
      labels {
        key
        value
      }
      pipeline {
        id
        name
      }
    }
    pipelines(first: 200) {
      nodes {
        id
        name
      }
    }
  }
`);

export const SchedulePipeline = graphql(`
  query SchedulePipeline($name: String!) {
    pipeline(name: $name) {
      id
      name
      params {
        name
        type
        default
        required
        description
        choices
        minimum
        maximum
      }
    }
    datasets(first: 100) {
      nodes {
        name
        path
        sizeBytes
      }
    }
  }
`);

export const CheckCron = graphql(`
  query CheckCron($cron: String!, $timeZone: String!) {
    checkCron(cron: $cron, timeZone: $timeZone, count: 5) {
      valid
      inWords
      nextTimes
      problems {
        message
        path
      }
    }
  }
`);

export const SaveSchedule = graphql(`
  mutation SaveSchedule($input: SaveScheduleInput!) {
    saveSchedule(input: $input) {
      __typename
      ... on SaveScheduleSuccess {
        schedule {
          id
          name
        }
      }
      ... on ScheduleInvalid {
        message
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
