import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item, Value } from "../ports/table.ts";

/** A value in DynamoDB's own notation. Absent (`undefined`) entries of maps are left out. Throws for NaN and infinities. */
export function toAttribute(value: Value): AttributeValue {
  switch (typeof value) {
    case "string":
      return { S: value };
    case "boolean":
      return { BOOL: value };
    case "number":
      if (!Number.isFinite(value)) throw new RangeError(`The ledger cannot store the number ${value}.`);
      return { N: String(value) };
    case "object":
      if (value === null) return { NULL: true };
      return isList(value) ? { L: value.map(toAttribute) } : { M: toAttributes(value) };
    default:
      throw new TypeError(`The ledger cannot store a ${typeof value}.`);
  }
}

/** The attributes of an item in DynamoDB's own notation, without the absent ones. */
function toAttributes(item: Item): Record<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) attributes.set(name, toAttribute(value));
  }
  return Object.fromEntries(attributes);
}

/** The plain value of an attribute. Throws for what the ledger never writes: sets and binary values. */
function fromAttribute(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.M !== undefined) return fromAttributes(attribute.M);
  throw new TypeError(`The ledger holds a value of type ${Object.keys(attribute).join()}, which it never wrote.`);
}

/** The plain item of attributes as DynamoDB returns them. */
export function fromAttributes(attributes: Record<string, AttributeValue>): Item {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, fromAttribute(value)]));
}

/** `Array.isArray` does not narrow a readonly array away from an object. */
const isList = (value: object): value is readonly Value[] => Array.isArray(value);
