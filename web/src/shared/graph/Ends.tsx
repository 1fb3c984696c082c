import classes from './graph.module.css';

/** Where edges end: React Flow looks for these by their class, and measures them. */
export function Ends() {
  return (
    <>
      <span className={`target ${classes.end}`} data-handlepos="left" />
      <span className={`source ${classes.end}`} data-handlepos="right" />
    </>
  );
}
