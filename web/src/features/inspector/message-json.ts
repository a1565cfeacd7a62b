import {
  base64encode,
  type EnumInfo,
  type FieldInfo,
  type IMessageType,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from '@protobuf-ts/runtime';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { Duration } from '@roster/proto/gen/google/protobuf/duration';
import { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { hiddenValue } from '../../rpc/recorder.ts';

/** Fields whose values nobody should read over a shoulder or find in a saved file. */
const secretField = /password|secret|credential|(api|session|access)_token/;

export interface MessageJsonOptions {
  /** The types that may be packed in an Any. */
  readonly types?: readonly IMessageType<object>[];
}

/**
 * A message as JSON, by its own descriptor: ProtoJSON, in which unset fields are left out, but for what that cannot say.
 *
 * A field mask is a message like others: ProtoJSON's string has no form for paths like metadata.`A-1`, and grpcurl does not read it. Secret fields are
 * hidden; what an Any packs is unpacked where the type is known.
 */
export function messageJson(type: IMessageType<object>, message: object, options: MessageJsonOptions = {}): JsonValue {
  switch (type.typeName) {
    case Timestamp.typeName:
    case Duration.typeName:
      return type.toJson(message);
    case Any.typeName:
      return Any.is(message) ? anyJson(message, options) : {};
    default:
      return fieldsJson(type, message, options);
  }
}

function fieldsJson(type: IMessageType<object>, message: object, options: MessageJsonOptions): JsonObject {
  const json: JsonObject = {};
  for (const field of type.fields) {
    const value = field.oneof
      ? memberOf(memberOf(message, field.oneof), field.localName)
      : memberOf(message, field.localName);
    if (value === undefined || (!field.oneof && isUnset(field, value))) continue;
    json[field.jsonName] = secretField.test(field.name) ? hiddenValue : fieldJson(field, value, options);
  }
  return json;
}

function fieldJson(field: FieldInfo, value: unknown, options: MessageJsonOptions): JsonValue {
  if (field.kind === 'map') {
    return Object.fromEntries(
      Object.entries(value ?? {}).map(([key, each]) => [key, valueJson(field.V, each, options)]),
    );
  }
  return Array.isArray(value)
    ? value.map((each: unknown) => valueJson(field, each, options))
    : valueJson(field, value, options);
}

type ValueInfo =
  | { readonly kind: 'scalar'; readonly T: ScalarType }
  | { readonly kind: 'enum'; readonly T: () => EnumInfo }
  | { readonly kind: 'message'; readonly T: () => IMessageType<object> };

function valueJson(info: ValueInfo, value: unknown, options: MessageJsonOptions): JsonValue {
  switch (info.kind) {
    case 'message':
      return typeof value === 'object' && value !== null ? messageJson(info.T(), value, options) : null;
    case 'enum':
      return enumJson(info.T(), Number(value));
    case 'scalar':
      return scalarJson(value);
  }
}

function enumJson([, names, prefix = '']: EnumInfo, value: number): JsonValue {
  const name = names[value];
  return name === undefined ? value : `${prefix}${name}`;
}

function scalarJson(value: unknown): JsonValue {
  if (value instanceof Uint8Array) return base64encode(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' ? value : String(value);
}

function anyJson(any: Any, options: MessageJsonOptions): JsonValue {
  const type = options.types?.find((each) => Any.contains(any, each));
  const head = { '@type': any.typeUrl };
  try {
    if (!type) return { ...head, value: base64encode(any.value) };
    const json = messageJson(type, Any.unpack(any, type), options);
    return isJsonObject(json) ? { ...head, ...json } : { ...head, value: json };
  } catch {
    return { ...head, value: base64encode(any.value) };
  }
}

/** A field without presence that has its default. */
function isUnset(field: FieldInfo, value: unknown): boolean {
  if (field.kind === 'map') return Object.keys(value ?? {}).length === 0;
  if (field.repeat) return Array.isArray(value) && value.length === 0;
  if (field.kind === 'message' || field.opt) return false;
  if (field.kind === 'scalar' && field.T === ScalarType.BYTES) return value instanceof Uint8Array && value.length === 0;
  return value === 0 || value === '' || value === false || value === '0' || value === 0n;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}

/** Characters that would turn text around, hide in it or break its line; JSON may say each by its number. */
const unseen = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON as text in which every character is seen. */
export function jsonText(json: JsonValue, indent?: number): string {
  return JSON.stringify(json, undefined, indent).replace(
    unseen,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
