import { Metadata } from '@grpc/grpc-js';

/**
 * Metadata whose `-bin` values travel as base64 without padding, which the gRPC specification asks senders for and grpc-js does not do.
 * grpc-js sends a clone of what it is given, so the clone must be one of these too.
 */
export class UnpaddedMetadata extends Metadata {
  override clone(): UnpaddedMetadata {
    const copy = new UnpaddedMetadata(this.getOptions());
    copy.merge(this);
    return copy;
  }

  override toHttp2Headers(): ReturnType<Metadata['toHttp2Headers']> {
    const headers = super.toHttp2Headers();
    for (const [name, value] of Object.entries(headers)) {
      if (name.endsWith('-bin')) headers[name] = [value ?? []].flat().map((text) => String(text).replace(/=+$/, ''));
    }
    return headers;
  }
}
