import { useEffect, useState } from 'react';
import { FrameBuffer, type Problem, problemOf, useApi } from '@/shared/api';
import { StreamTail } from './documents';
import { type Message, NEW_TAIL, paused, tailAfter } from './model/tail';

/** The messages of a topic as they come; after a break it goes on behind the last one. */
export function useTail(topic: string) {
  const { live } = useApi();
  const [tail, setTail] = useState(NEW_TAIL);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [generation, setGeneration] = useState(0);
  const restart = () => setGeneration((last) => last + 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new generation follows anew
  useEffect(() => {
    let after: string | null = null;
    setTail(NEW_TAIL);
    setProblem(null);
    const buffer = new FrameBuffer<Message>((messages) => {
      live.applied(messages.length);
      setTail((before) => tailAfter(before, messages));
    });
    const stop = live.follow({
      document: StreamTail,
      variables: () => ({ topic, after }),
      next: ({ messages: message }) => {
        after = message.cursor;
        buffer.push(message);
      },
      failed: (error) => setProblem(problemOf(error)),
      broken: restart,
    });
    return () => {
      stop();
      buffer.clear();
    };
  }, [live, topic, generation]);
  const pause = (isPaused: boolean) => setTail((before) => paused(before, isPaused));
  return { tail, problem, restart, pause };
}
