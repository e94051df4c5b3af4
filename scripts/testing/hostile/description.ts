/** The part of JSON Schema that requests are described with. */
export interface RequestSchema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  properties?: Record<string, RequestSchema>;
  required?: readonly string[];
  additionalProperties?: boolean;
  items?: RequestSchema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: RequestSchema;
}

/** One call of an API, as its description says it is. */
export interface Operation<AnswerSchema> {
  method: string;
  /** With parameters in braces. */
  path: string;
  /** Names of the schemes that open it; none when it is open to anybody. */
  openedBy: readonly string[];
  parameters: readonly Parameter[];
  body: RequestSchema | undefined;
  /** Takes a picture instead, as it is. */
  takesBytes: boolean;
  /** By status, then by content type; no type for answers without a body. */
  answers: Record<string, Record<string, AnswerSchema>>;
}

interface Document<AnswerSchema> {
  paths: Record<
    string,
    Record<
      string,
      {
        security?: Record<string, unknown>[];
        parameters?: Parameter[];
        requestBody?: { content: Record<string, { schema: RequestSchema }> };
        responses: Record<string, { content?: Record<string, { schema: AnswerSchema }> }>;
      }
    >
  >;
}

/** Every operation that `GET /openapi.json` of a running service tells of. */
export async function readDescription<AnswerSchema>(url: string): Promise<Operation<AnswerSchema>[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as Document<AnswerSchema>;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security = [], parameters = [], requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      openedBy: security.flatMap((scheme) => Object.keys(scheme)),
      parameters,
      body: requestBody?.content['application/json']?.schema,
      takesBytes: requestBody?.content['application/octet-stream'] !== undefined,
      answers: Object.fromEntries(
        Object.entries(responses).map(([status, { content = {} }]) => [
          status,
          Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
        ]),
      ),
    })),
  );
}
