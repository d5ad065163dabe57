import { Ajv, type ErrorObject } from "ajv";

/** What a saved document can be. */
export type DocumentKind = "Run" | "Report" | "Evidence";

/**
 * Prepares the check of saved documents against the published schema: the answer is null where a document conforms,
 * otherwise one line that names the first place where it does not.
 */
export function schemaCheck(schema: string): (kind: DocumentKind, document: unknown) => string | null {
  const ajv = new Ajv({ strict: false, allowUnionTypes: true });
  ajv.addSchema(JSON.parse(schema), "saved");
  return (kind, document) => {
    const validate = ajv.getSchema(kind === "Run" ? "saved" : `saved#/definitions/${kind}`);
    if (validate === undefined) throw new Error(`the schema does not define ${kind}`);
    if (validate(document) === true) return null;
    return violation(validate.errors ?? []);
  };
}

/** Of the alternatives of a union, the one that got furthest into the document is the one that was meant. */
function violation(errors: readonly ErrorObject[]): string {
  const depth = (error: ErrorObject) => error.instancePath.split("/").length;
  const [first] = [...errors].sort((a, b) => depth(b) - depth(a));
  if (first === undefined) return "it does not follow the schema";
  const allowed = first.keyword === "enum" ? `: ${(first.params["allowedValues"] as unknown[]).join(", ")}` : "";
  const constant = first.keyword === "const" ? ` ${JSON.stringify(first.params["allowedValue"])}` : "";
  return `${placeOf(first.instancePath)} ${first.message ?? "is wrong"}${allowed}${constant}`;
}

/** `/reports/0/target` as `reports[0].target`. */
function placeOf(pointer: string): string {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
  const path = parts
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
  return path === "" ? "the document" : path;
}
