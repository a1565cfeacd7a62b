import '../ui/tokens.css';
import '../ui/fonts.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../lib/theme.ts';
import { createClients } from '../rpc/clients.tsx';
import { createRecorder } from '../rpc/recorder.ts';
import { createTransport } from '../rpc/transport.ts';
import { createToasts } from '../ui/toasts.ts';
import { App } from './app.tsx';
import { readConfig } from './config.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

applyTheme();
const recorder = createRecorder();
const clients = createClients(createTransport({ baseUrl: readConfig().apiUrl, observe: recorder.observe }));
createRoot(root).render(<App clients={clients} recorder={recorder} toasts={createToasts()} />);
