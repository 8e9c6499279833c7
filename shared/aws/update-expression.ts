import type { AttributeValue, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { Change, Scalar, Value } from "../ports/table.ts";
import { toAttribute } from "./attribute-value.ts";

/** The parts of an UpdateItem request that say what to change and on which condition. */
export type UpdateExpression = Pick<
  UpdateItemCommandInput,
  "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
>;

/**
 * A change as DynamoDB's expressions; `undefined` when its condition can never hold (a list without alternatives).
 *
 * Every attribute name goes by an alias, because hundreds of words are reserved:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
 */
export function updateExpression(change: Change): UpdateExpression | undefined {
  const names = new Map<string, string>();
  const values: Record<string, AttributeValue> = {};
  const aliasOf = (name: string): string => {
    const alias = names.get(name) ?? `#a${names.size}`;
    names.set(name, alias);
    return alias;
  };
  const placeholderOf = (value: Value): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = toAttribute(value);
    return placeholder;
  };

  const conditions: string[] = [];
  for (const [name, expected] of Object.entries(change.when)) {
    const alternatives = isList(expected) ? expected : [expected];
    if (alternatives.length === 0) return undefined;
    const attribute = aliasOf(name);
    const tests = alternatives.map((value) =>
      value === undefined ? `attribute_not_exists(${attribute})` : `${attribute} = ${placeholderOf(value)}`,
    );
    conditions.push(`(${tests.join(" OR ")})`);
  }

  const set: string[] = [];
  const remove = new Set(change.remove?.map(aliasOf));
  for (const [name, value] of Object.entries(change.set ?? {})) {
    if (value === undefined) remove.add(aliasOf(name));
    else set.push(`${aliasOf(name)} = ${placeholderOf(value)}`);
  }
  const add = Object.entries(change.add ?? {}).map(([name, value]) => `${aliasOf(name)} ${placeholderOf(value)}`);
  const clauses = [clause("SET", set), clause("REMOVE", [...remove]), clause("ADD", add)].filter((text) => text !== "");

  // DynamoDB refuses empty expressions and empty maps; a change of nothing still creates the item.
  return {
    UpdateExpression: clauses.join(" ") || undefined,
    ConditionExpression: conditions.join(" AND ") || undefined,
    ExpressionAttributeNames:
      names.size === 0 ? undefined : Object.fromEntries([...names].map(([name, alias]) => [alias, name])),
    ExpressionAttributeValues: Object.keys(values).length === 0 ? undefined : values,
  };
}

const clause = (verb: string, parts: readonly string[]) => (parts.length === 0 ? "" : `${verb} ${parts.join(", ")}`);

const isList = (expected: Change["when"][string]): expected is readonly (Scalar | undefined)[] =>
  Array.isArray(expected);
