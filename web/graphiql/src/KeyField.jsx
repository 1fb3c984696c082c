import { useState } from 'react';

export function KeyField({ value, onApply }) {
  const [draft, setDraft] = useState(value);
  function apply(event) {
    event.preventDefault();
    onApply(draft.trim());
  }
  return (
    <form className="key" onSubmit={apply}>
      <label htmlFor="api-key">API key</label>
      <input
        id="api-key"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="none"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit" disabled={draft.trim() === value}>
        Use
      </button>
    </form>
  );
}
