import { Panel, useReactFlow } from '@xyflow/react';
import { Fullscreen, ListCollapse, Minus, Plus } from 'lucide-react';
import classes from './graph.module.css';

interface GraphControlsProps {
  onFrame: () => void;
  /** Folds siblings again; null where none were opened. */
  onFold: (() => void) | null;
}

export function GraphControls({ onFrame, onFold }: GraphControlsProps) {
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <Panel position="bottom-left" className={classes.controls}>
      <Control
        label="Zoom in"
        onClick={() => void zoomIn()}
        icon={<Plus size={14} aria-hidden />}
      />
      <Control
        label="Zoom out"
        onClick={() => void zoomOut()}
        icon={<Minus size={14} aria-hidden />}
      />
      <Control
        label="Fit, or show what runs"
        onClick={onFrame}
        icon={<Fullscreen size={14} aria-hidden />}
      />
      {onFold && (
        <Control
          label="Fold siblings"
          onClick={onFold}
          icon={<ListCollapse size={14} aria-hidden />}
        />
      )}
    </Panel>
  );
}

interface ControlProps {
  label: string;
  icon: React.ReactNode;
  onClick: () => void;
}

function Control({ label, icon, onClick }: ControlProps) {
  return (
    <button
      type="button"
      className={classes.control}
      title={label}
      aria-label={label}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}
