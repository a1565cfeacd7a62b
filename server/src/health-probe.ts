/**
 * `node health-probe.js HOST:PORT`: exit code 0 when `grpc.health.v1.Health/Check` there answers SERVING.
 * Container engines run it every few seconds, so it speaks the two frames itself and loads nothing.
 */
import { connect } from 'node:http2';

const TIMEOUT_MS = 2_000;
/** An empty HealthCheckRequest: not compressed, no bytes. */
const REQUEST = Buffer.alloc(5);
/** A HealthCheckResponse whose only field is `status = SERVING`. */
const SERVING = Buffer.from([0, 0, 0, 0, 2, 8, 1]);

function answer(address: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address}`);
    session.setTimeout(TIMEOUT_MS, () => session.destroy(new Error('no answer in time')));
    session.on('error', reject);
    const chunks: Buffer[] = [];
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      session.close();
      resolve(Buffer.concat(chunks));
    });
    stream.end(REQUEST);
  });
}

const address = process.argv[2] ?? '127.0.0.1:50051';
try {
  if (!(await answer(address)).equals(SERVING)) throw new Error('not serving');
} catch (error) {
  console.error(`${address}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
