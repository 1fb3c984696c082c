import { graphql } from '@/gql';

export const SchedulesLive = graphql(`
  subscription SchedulesLive {
    schedules {
      id
      name
      cron
      cronInWords
      timeZone
      paused
      pauseNote
      pausedAt
      nextFireTimes(count: 1)
      pipeline {
        id
        name
        archivedAt
      }
      lastTick {
        at
        outcome
        message
        count
        run {
          id
          status
        }
      }
      activeRuns {
        id
      }
    }
  }
`);

export const PauseSchedule = graphql(`
  mutation PauseSchedule($input: PauseScheduleInput!) {
    pauseSchedule(input: $input) {
      __typename
      ... on PauseScheduleSuccess {
        schedule {
          id
          paused
          pauseNote
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const ResumeSchedule = graphql(`
  mutation ResumeSchedule($input: ResumeScheduleInput!) {
    resumeSchedule(input: $input) {
      __typename
      ... on ResumeScheduleSuccess {
        schedule {
          id
          paused
          pauseNote
        }
      }
      ... on Error {
        message
      }
    }
  }
`);

export const DeleteSchedule = graphql(`
  mutation DeleteSchedule($input: DeleteScheduleInput!) {
    deleteSchedule(input: $input) {
      __typename
      ... on DeleteScheduleSuccess {
        id
      }
      ... on Error {
        message
      }
    }
  }
`);
