import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  credentials,
  InterceptingCall,
  type Interceptor,
  loadPackageDefinition,
  type Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync, type Options, type PackageDefinition } from '@grpc/proto-loader';

/** A message as a client without generated code sees it. */
export type Plain = { readonly [field: string]: unknown };

/** A client that learned a service from a description alone, as grpcurl and its like do. */
export interface DynamicClient {
  /** Names of the methods, as described. */
  readonly methods: readonly string[];
  unary(method: string, request: Plain): Promise<Plain>;
  /** Reads a finite stream to its end. */
  read(method: string, request: Plain): Promise<{ readonly messages: readonly Plain[]; readonly trailers: Metadata }>;
  open(method: string, request: Plain): ClientReadableStream<Plain>;
  write(method: string, requests: readonly Plain[]): Promise<Plain>;
  exchange(method: string): ClientDuplexStream<Plain, Plain>;
  close(): void;
}

const options: Options = { keepCase: true, enums: String, longs: String, defaults: true, oneofs: true };

/** Reads `.proto` files as they are. */
export function describedByFiles(file: string, includeDirs: readonly string[]): PackageDefinition {
  return loadSync(file, { ...options, includeDirs: [...includeDirs] });
}

/** Reads descriptors that a server told. */
export function describedByDescriptors(files: readonly Uint8Array[]): PackageDefinition {
  // FileDescriptorSet { repeated FileDescriptorProto file = 1 }
  const parts = files.flatMap((file) => [Buffer.from([0x0a, ...varint(file.length)]), Buffer.from(file)]);
  return loadFileDescriptorSetFromBuffer(Buffer.concat(parts), options);
}

/** `token`: for services that ask who calls. */
export function createDynamicClient(
  definition: PackageDefinition,
  service: string,
  address: string,
  token?: string,
): DynamicClient {
  const client = createClient(definition, service, address, token);
  // A client made at run time has its methods by name only.
  const call = (method: string, ...args: readonly unknown[]): unknown => {
    const own: unknown = Reflect.get(client, method);
    if (typeof own !== 'function') throw new Error(`${service} has no method ${method}`);
    return own.apply(client, args);
  };
  const open = (method: string, request: Plain) => call(method, request) as ClientReadableStream<Plain>;
  return {
    methods: Object.keys(definition[service] ?? {}),
    unary: (method, request) => promised((done) => call(method, request, deadline(), done)),
    async read(method, request) {
      const stream = open(method, request);
      const trailers = new Promise<Metadata>((resolve) => stream.on('status', ({ metadata }) => resolve(metadata)));
      const messages: Plain[] = [];
      for await (const message of stream) messages.push(message);
      return { messages, trailers: await trailers };
    },
    open,
    write: (method, requests) =>
      promised((done) => {
        const stream = call(method, done) as ClientWritableStream<Plain>;
        for (const request of requests) stream.write(request);
        stream.end();
      }),
    exchange: (method) => call(method) as ClientDuplexStream<Plain, Plain>,
    close: () => client.close(),
  };
}

function createClient(
  definition: PackageDefinition,
  service: string,
  address: string,
  token: string | undefined,
): Client {
  let place: unknown = loadPackageDefinition(definition);
  for (const name of service.split('.')) place = Reflect.get(Object(place), name);
  if (typeof place !== 'function') throw new Error(`no service ${service} is described`);
  const interceptors = token === undefined ? [] : [withToken(token)];
  return Reflect.construct(place, [address, credentials.createInsecure(), { interceptors }]) as Client;
}

function withToken(token: string): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start(metadata, listener, next) {
        metadata.set('authorization', `Bearer ${token}`);
        next(metadata, listener);
      },
    });
}

function promised(start: (done: (error: ServiceError | null, answer: Plain) => void) => void): Promise<Plain> {
  return new Promise((resolve, reject) => start((error, answer) => (error ? reject(error) : resolve(answer))));
}

function deadline() {
  return { deadline: Date.now() + 15_000 };
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The failure of a call, which must fail. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code in status)
    return error as ServiceError;
  throw new Error('the call did not fail with a status', { cause: error });
}
