import { FileUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import {
  formatOf,
  LARGEST_BYTES,
  looksLikePipeline,
  openedText,
  pipelineFiles,
} from '@/shared/drafts';

const EDITOR = /^\/pipelines\/(new|[^/]+\/edit)$/;

/** A pipeline's file that is dropped anywhere, or pasted outside of a field, opens in the editor. */
export function OpenFiles() {
  const navigate = useNavigate();
  const [isOver, setOver] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const latest = useRef(navigate);
  latest.current = navigate;

  useEffect(() => {
    const open = (text: string, from: string) => {
      openedText.set({ text, format: formatOf(text, from), from });
      if (!EDITOR.test(location.pathname)) void latest.current('/pipelines/new');
    };
    const openFile = async (files: Iterable<File>) => {
      const [file] = pipelineFiles(files);
      if (!file) setRefusal('Only .yaml, .yml and .json files hold pipelines.');
      else if (file.size > LARGEST_BYTES) setRefusal(`${file.name} is larger than 1 MiB.`);
      else open(await file.text(), file.name);
    };
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const dragged = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setRefusal(null);
      setOver(true);
    };
    const left = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      // The text field under it would put the file's text into its own.
      event.stopPropagation();
      setOver(false);
      void openFile(event.dataTransfer?.files ?? []);
    };
    const pasted = (event: ClipboardEvent) => {
      const { clipboardData, target } = event;
      const files = [...(clipboardData?.files ?? [])];
      const isField =
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input, textarea'));
      const text = clipboardData?.getData('text/plain') ?? '';
      if (pipelineFiles(files).length > 0) {
        event.preventDefault();
        event.stopPropagation();
        void openFile(files);
      } else if (!isField && looksLikePipeline(text)) {
        event.preventDefault();
        open(text, 'the clipboard');
      }
    };
    const listeners = [
      ['dragenter', dragged],
      ['dragover', dragged],
      ['dragleave', left],
      ['drop', dropped],
      ['paste', pasted],
    ] as [string, EventListener][];
    for (const [kind, listener] of listeners) addEventListener(kind, listener, true);
    return () => {
      for (const [kind, listener] of listeners) removeEventListener(kind, listener, true);
    };
  }, []);

  useEffect(() => {
    if (refusal === null) return;
    const timer = setTimeout(() => setRefusal(null), 6_000);
    return () => clearTimeout(timer);
  }, [refusal]);

  return (
    <>
      {isOver && (
        <div className="drop-here">
          <p>
            <FileUp size={20} aria-hidden /> Drop it to open it in the editor
          </p>
        </div>
      )}
      <div role="status">{refusal !== null && <p className="drop-refusal">{refusal}</p>}</div>
    </>
  );
}
