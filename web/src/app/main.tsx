import '../ui/tokens.css';
import '../ui/fonts.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../lib/theme.ts';
import { createClients } from '../rpc/clients.tsx';
import { createTransport } from '../rpc/transport.ts';
import { createToasts } from '../ui/toasts.ts';
import { App } from './app.tsx';
import { readConfig } from './config.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

applyTheme();
const clients = createClients(createTransport({ baseUrl: readConfig().apiUrl }));
createRoot(root).render(<App clients={clients} toasts={createToasts()} />);
