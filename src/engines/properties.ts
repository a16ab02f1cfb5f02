// A resource's body as the bindings of cdktf take it: their names for the fields, the same values. The names come from the
// bindings themselves, by the field list.
import { isList, isObject, type Json, type JsonObject } from '../model/json';
import { type Fields, isBlock, TERRAFORM_RESOURCES } from './shape';

/** `ai_gateway: { rate_limits: [...] }` → `aiGateway: { rateLimits: [...] }`; keys of maps stay as they are. */
export function asProperties(type: string, body: JsonObject): JsonObject {
  return members(body, TERRAFORM_RESOURCES[type]!.fields);
}

function members(body: JsonObject, fields: Fields): JsonObject {
  return Object.fromEntries(
    Object.keys(body).map((name): [string, Json] => {
      const field = fields[name];
      const value = body[name] ?? null;
      if (field === undefined) throw new Error(`the bindings have no ${name}`);
      if (!isBlock(field)) return [field.property, value];
      const inner = (each: Json) => (isObject(each) ? members(each, field.fields) : each);
      return [field.property, isList(value) ? value.map(inner) : inner(value)];
    }),
  );
}
