import { performCall } from './perform-call.ts';
import { serveRunner } from './sized-messages.ts';

await serveRunner(performCall);
// Sockets that are kept alive would hold the process.
process.exit(0);
