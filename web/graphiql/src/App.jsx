import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { EXAMPLE } from './example.js';
import { fetcherWith } from './fetcher.js';
import { KeyField } from './KeyField.jsx';
import { onKeyElsewhere, storedKey, storeKey } from './key.js';
import { linked } from './linked.js';

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin()];
const LINKED = linked();

export function App() {
  const [key, setKey] = useState(storedKey);
  const fetcher = useMemo(() => fetcherWith(key), [key]);
  useEffect(() => onKeyElsewhere(setKey), []);
  function apply(next) {
    storeKey(next);
    setKey(next);
  }
  return (
    <>
      <header className="bar">
        <strong>Headrace</strong>
        <span>GraphiQL</span>
        <KeyField key={key} value={key} onApply={apply} />
      </header>
      {/* Another key may see another schema: everything is asked anew. */}
      <GraphiQL
        key={key}
        fetcher={fetcher}
        plugins={PLUGINS}
        defaultQuery={EXAMPLE}
        shouldPersistHeaders={false}
        {...LINKED}
      >
        <GraphiQL.Logo>
          <></>
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}
