import '../ui/tokens.css';
import '../ui/fonts.css';
import '../ui/base.css';
import { createRoot } from 'react-dom/client';
import { createPageSignals } from '../lib/page-signals.ts';
import { createScheduler } from '../lib/scheduler.ts';
import { applyTheme } from '../lib/theme.ts';
import { observeBy } from '../rpc/call-observer.ts';
import { createClients } from '../rpc/clients.tsx';
import { createRecorder } from '../rpc/recorder.ts';
import { createTransport } from '../rpc/transport.ts';
import { watchArrivals } from '../session/arrival.ts';
import { createSessionCalls } from '../session/call-session.ts';
import { loadAnew } from '../session/load-anew.ts';
import { draftsIn } from '../session/person-storage.ts';
import { createSessionChannel } from '../session/session-channel.ts';
import { createSessionObserver } from '../session/session-observer.ts';
import { openSession } from '../session/session-store.ts';
import { App } from './app.tsx';
import { readConfig } from './config.ts';
import { forgetAfterVisits } from './forget-after-visits.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

applyTheme();
const arrivals = watchArrivals(window);
const recorder = createRecorder();
const baseUrl = readConfig().apiUrl;
const session = openSession({
  ...createSessionCalls(createTransport({ baseUrl, observe: recorder.observe })),
  scheduler: createScheduler(),
  page: createPageSignals(window),
  channel: createSessionChannel((name) => new BroadcastChannel(name)),
  drafts: draftsIn(() => sessionStorage),
  random: Math.random,
  reload: loadAnew,
});
forgetAfterVisits(session, () => recorder.forgetAll());
const observe = observeBy(recorder.observe, createSessionObserver(session));
const transport = createTransport({ baseUrl, observe });
createRoot(root).render(
  <App
    session={session}
    arrivals={arrivals}
    clients={createClients(transport)}
    openClients={() => createClients(transport)}
    recorder={recorder}
  />,
);
