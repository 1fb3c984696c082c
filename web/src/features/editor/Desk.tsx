import { lazy, Suspense, useRef, useState } from 'react';
import { useCommands } from '@/shared/commands';
import { Page } from '@/shared/page';
import { ErrorPanel, Loading, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { CodeEditor, type CodeEditorHandle } from './code/CodeEditor';
import { DraftNote } from './DraftNote';
import { CheckDefinition } from './documents';
import classes from './editor.module.css';
import type { PlacedProblem } from './model/problems';
import type { Schema } from './model/schema';
import { sourceOf } from './model/source';
import { ProblemList } from './ProblemList';
import { Templates } from './Templates';
import { FormatSwitch, type Pane, PaneTabs, SaveButtons } from './Toolbar';
import { useBlock } from './use-block';
import { useFormat } from './use-format';
import { useOpened } from './use-opened';
import { useSave } from './use-save';
import { useSaved } from './use-saved';
import { type Base, useText } from './use-text';
import { useUnderstood } from './use-understood';

// The graph's drawing is as large as the rest, and a text can be written before it is there.
const DraftGraph = lazy(() => import('./DraftGraph'));
const ReplaceDialog = lazy(() => import('./ReplaceDialog'));

interface DeskProps {
  /** Of the pipeline that is edited; empty of a new one. */
  name: string;
  heading: string;
  base: Base;
  schema: Schema;
}

/** The text at the left, its graph at the right, and below what is wrong with it. */
export function Desk({ name, heading, base: initial, schema }: DeskProps) {
  const editor = useRef<CodeEditorHandle>(null);
  const written = useText(name, initial);
  const { text, format, base, isChanged, restored, setRestored } = written;
  const understood = useUnderstood(text, format);
  const { parsed, outline, problems, check, isCurrent, isBlank } = understood;
  const [pane, setPane] = useState<Pane>(text === '' ? 'graph' : 'text');
  const { block, onCursor, onSelect } = useBlock(parsed, editor);
  const { refusal, switchTo } = useFormat(written, parsed, editor);
  const { afterSave, fault } = useSaved(name, written);
  const goTo = (problem: PlacedProblem | undefined) => {
    setPane('text');
    if (problem) editor.current?.goToProblem(problem);
  };
  const saving = useSave({ saved: afterSave, invalid: () => goTo(problems[0]) });
  const save = (thenRun: boolean) => {
    const { current } = written.latest;
    if (current.trim() !== '') saving.save(current, format, thenRun);
  };
  useOpened(written, editor);
  const inText = (act: 'find' | 'complete' | 'nextProblem') => () => {
    setPane('text');
    editor.current?.[act]();
  };
  useCommands([
    { id: 'editor.save', label: 'Save', section: 'Editor', keys: 'mod+s', run: () => save(false) },
    { id: 'editor.run', label: 'Save and run', section: 'Editor', run: () => save(true) },
    // The text has these keys itself; here they are found, and work from outside of it.
    {
      id: 'editor.find',
      label: 'Find in the text',
      section: 'Editor',
      keys: 'mod+f',
      run: inText('find'),
    },
    {
      id: 'editor.complete',
      label: 'Complete what is being written',
      section: 'Editor',
      keys: 'mod+Space',
      run: inText('complete'),
    },
    {
      id: 'editor.problem',
      label: 'Next problem',
      section: 'Editor',
      keys: 'F8',
      run: inText('nextProblem'),
    },
  ]);
  const discard = () => {
    written.setFormat('YAML');
    editor.current?.replace(base.text);
    setRestored(null);
  };
  const faultShown = saving.fault ?? fault;
  return (
    <div className={classes.desk}>
      <Page
        heading={heading}
        actions={<SaveButtons isSaving={saving.isSaving} isBlank={isBlank} onSave={save} />}
      >
        <div className={classes.bar}>
          <FormatSwitch format={format} refusal={refusal} onSwitch={switchTo} />
          <span className={classes.state} role="status">
            {saving.isRefused(text)
              ? 'Not saved: the problems below stand against it'
              : stateOf(isBlank, isChanged, base.number)}
          </span>
          <OpenAsGraphQL
            document={CheckDefinition}
            variables={{ source: sourceOf(text, format) }}
          />
        </div>
        {restored && (
          <DraftNote at={restored.at} onDiscard={discard} onKeep={() => setRestored(null)} />
        )}
        {faultShown && (
          <div className={classes.fault}>
            <ErrorPanel problem={faultShown} />
          </div>
        )}
        <PaneTabs pane={pane} problems={problems.length} onChoose={setPane} />
        <div className={classes.panes} data-pane={pane}>
          <div className={classes.text}>
            <CodeEditor
              ref={editor}
              initial={text}
              format={format}
              known={{ schema, format, outline }}
              problems={problems}
              onChange={written.setText}
              onCursor={onCursor}
            />
          </div>
          <div className={classes.graph}>
            <PanelBoundary name="The graph">
              {isBlank ? (
                <Templates onPick={(template) => editor.current?.replace(template)} />
              ) : (
                <Suspense fallback={<Loading label="the graph" height={200} />}>
                  <DraftGraph
                    outline={outline}
                    problems={problems}
                    selected={block}
                    onSelect={onSelect}
                  />
                </Suspense>
              )}
            </PanelBoundary>
          </div>
          <div className={classes.below}>
            <ProblemList
              problems={problems}
              outline={outline}
              check={check}
              isCurrent={isCurrent}
              isBlank={isBlank}
              onGoTo={goTo}
              onFix={(problem) => editor.current?.fix(problem)}
            />
          </div>
        </div>
      </Page>
      {saving.existing && (
        <Suspense>
          <ReplaceDialog
            existing={saving.existing}
            text={text}
            format={format}
            isSaving={saving.isSaving}
          />
        </Suspense>
      )}
    </div>
  );
}

function stateOf(isBlank: boolean, isChanged: boolean, number: number | null): string {
  if (isBlank) return '';
  if (isChanged) return number === null ? 'Not saved yet' : `Changed since version ${number}`;
  return number === null ? '' : `Version ${number}, saved`;
}
