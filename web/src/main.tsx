import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { connectTo, endpointsFrom } from './shared/api';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root');
const api = connectTo(endpointsFrom(import.meta.env.VITE_API_BASE, location.origin));
createRoot(root).render(<App api={api} />);
