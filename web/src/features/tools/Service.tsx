import { TriangleAlert } from 'lucide-react';
import type { ToolsServiceSubscription } from '@/gql/graphql';
import { StatusBadge } from '@/shared/status';
import classes from './tools.module.css';

type ServiceState = ToolsServiceSubscription['service'];

/** What must be well, and whether it is; then what is allowed and still unwise. */
export function Health({ service }: { service: ServiceState }) {
  return (
    <>
      <ul className={classes.list} aria-label="Checks">
        {service.checks.map(({ name, ok, message }) => (
          <li key={name} className={classes.check}>
            <StatusBadge status={ok ? 'WELL' : 'NOT_WELL'} />
            <strong>{name}</strong>
            <span className={classes.dimmed}>{message}</span>
          </li>
        ))}
      </ul>
      {service.warnings.length > 0 && (
        <ul className={classes.list} aria-label="Warnings">
          {service.warnings.map((warning) => (
            <li key={warning} className={classes.warning}>
              <TriangleAlert size={16} aria-hidden />
              <span>
                <strong>Warning:</strong> {warning}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Facts({ service }: { service: ServiceState }) {
  const facts = [
    ['Name', service.name],
    ['Headrace', service.version],
    ['Database', service.database],
    ['LLM provider', service.llmProvider],
    ['Stream backend', service.streamBackend],
    ['Executor', service.executor],
    ['Unsigned downloads', service.signedUrlsRequired ? 'refused' : 'allowed'],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
