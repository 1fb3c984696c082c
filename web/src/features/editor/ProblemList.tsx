import { Button } from '@mantine/core';
import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { ErrorPanel } from '@/shared/ui';
import classes from './editor.module.css';
import type { Outline } from './model/outline';
import type { PlacedProblem } from './model/problems';
import type { Check } from './use-check';

interface ProblemListProps {
  problems: readonly PlacedProblem[];
  outline: Outline;
  check: Check;
  /** Whether the problems are those of the text as it is now. */
  isCurrent: boolean;
  isBlank: boolean;
  onGoTo: (problem: PlacedProblem) => void;
  onFix: (problem: PlacedProblem) => void;
}

/** Everything that is wrong, each with its place; a click leads there. */
export function ProblemList(props: ProblemListProps) {
  const { problems, check, isCurrent, onGoTo, onFix } = props;
  return (
    <section className={classes.problems} aria-label="Problems">
      <Verdict {...props} />
      {check.fault && <ErrorPanel problem={check.fault} onRetry={check.again} />}
      {problems.length > 0 && (
        <ul className={classes.rows} data-old={!isCurrent || undefined}>
          {problems.map((problem) => (
            <li key={problem.key}>
              <button type="button" className={classes.row} onClick={() => onGoTo(problem)}>
                <span className={classes.place}>
                  {problem.line}:{problem.column}
                </span>{' '}
                <span>{problem.message}</span>
              </button>
              {problem.fix !== null && (
                <Button size="compact-xs" variant="default" onClick={() => onFix(problem)}>
                  Write {problem.fix}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Verdict({ problems, outline, check, isCurrent, isBlank }: ProblemListProps) {
  const { tone, words, icon: Icon } = verdictOf();
  return (
    <p className={classes.verdict} data-tone={tone} role="status">
      {Icon && <Icon size={14} aria-hidden />}
      {words}
    </p>
  );

  function verdictOf() {
    if (isBlank) return { tone: 'pending', words: 'Nothing is written yet.', icon: null };
    if (check.fault && problems.length === 0)
      return { tone: 'pending', words: 'Not checked', icon: null };
    if (!isCurrent) return { tone: 'pending', words: 'Checking…', icon: LoaderCircle };
    if (problems.length > 0)
      return { tone: 'failed', words: counted(problems.length, 'problem'), icon: CircleX };
    const { blocks, edges } = outline;
    const words = `Valid: ${counted(blocks.length, 'block')}, ${counted(edges.length, 'edge')}`;
    return { tone: 'succeeded', words, icon: CircleCheck };
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
