import { Navigate, type RouteObject } from 'react-router';
import { Loading } from '@/shared/ui';
import { NotFound } from './NotFound';
import { RouteError } from './RouteError';
import { Shell } from './Shell';

const editor = () => import('@/features/editor');
const scheduleForm = () => import('@/features/schedule-form');

/** Every screen under its address; each is loaded when it is first gone to. */
export const routes: RouteObject[] = [
  {
    path: '/',
    element: <Shell />,
    hydrateFallbackElement: <Loading label="the page" height={400} />,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, element: <Navigate to="/runs" replace /> },
          { path: 'runs', lazy: () => import('@/features/runs') },
          { path: 'runs/:id', lazy: () => import('@/features/run') },
          { path: 'pipelines', lazy: () => import('@/features/pipelines') },
          { path: 'pipelines/new', lazy: editor },
          { path: 'pipelines/:name/edit', lazy: editor },
          {
            path: 'pipelines/:name',
            lazy: () => import('@/features/pipeline'),
            children: [{ path: 'run', lazy: () => import('@/features/start-run') }],
          },
          {
            path: 'schedules',
            lazy: () => import('@/features/schedules'),
            children: [
              { path: 'new', lazy: scheduleForm },
              { path: ':name/edit', lazy: scheduleForm },
            ],
          },
          { path: 'datasets', lazy: () => import('@/features/datasets') },
          { path: 'triggers', lazy: () => import('@/features/triggers') },
          { path: 'tools', lazy: () => import('@/features/tools') },
          { path: 'tools/streams', lazy: () => import('@/features/streams') },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
];
