import { useApolloClient } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { graphql } from '@/gql';
import type { DefinitionFormat } from '@/gql/schema-enums';
import { problemOf } from '@/shared/api';
import { saveFile } from '@/shared/ui';

const ExportedDefinition = graphql(`
  query ExportedDefinition($name: String!, $format: DefinitionFormat!) {
    pipeline(name: $name) {
      id
      latestVersion {
        id
        exported: definition(format: $format)
      }
    }
  }
`);

const FILES: Record<DefinitionFormat, { ending: string; mediaType: string }> = {
  YAML: { ending: 'yaml', mediaType: 'application/yaml' },
  JSON: { ending: 'json', mediaType: 'application/json' },
};

/** Saves the newest version's definition as a file, which imports to the same version. */
export function ExportButtons({ name, compact = false }: { name: string; compact?: boolean }) {
  const apollo = useApolloClient();
  const [fault, setFault] = useState<string | null>(null);
  const save = async (format: DefinitionFormat) => {
    setFault(null);
    try {
      const { data } = await apollo.query({
        query: ExportedDefinition,
        variables: { name, format },
        fetchPolicy: 'no-cache',
      });
      const text = data?.pipeline?.latestVersion.exported;
      if (text === undefined) setFault('It is not there any more.');
      else saveFile(`${name}.${FILES[format].ending}`, text, FILES[format].mediaType);
    } catch (error) {
      setFault(problemOf(error).what);
    }
  };
  return (
    <>
      {(['YAML', 'JSON'] as const).map((format) => (
        <Button
          key={format}
          size={compact ? 'compact-xs' : 'xs'}
          variant={compact ? 'subtle' : 'default'}
          title={`Save as a ${format} file`}
          aria-label={`Export ${name} as ${format}`}
          leftSection={compact && <Download size={12} aria-hidden />}
          onClick={() => void save(format)}
        >
          {compact ? format : `Export ${format}`}
        </Button>
      ))}
      {fault !== null && <span role="alert">{fault}</span>}
    </>
  );
}
