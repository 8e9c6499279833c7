import { expect, test } from "vitest";
import { parseEndpoint } from "../../shared/enswitch/endpoint.ts";

test.each([
  ["https://pbx.example.com/api/json", "pbx.example.com:443"],
  ["https://pbx.example.com:8443/api/json/", "pbx.example.com:8443"],
  ["http://127.0.0.1/api/json", "127.0.0.1:80"],
  ["http://localhost:8080/api/json", "localhost:8080"],
])("%s is called at %s", (endpoint, host) => {
  const parsed = parseEndpoint(endpoint);
  expect(parsed.host).toBe(host);
  expect(parsed.url.pathname).toBe("/api/json/messages/text/send/");
});

test.each([
  ["ftp://127.0.0.1/api/json", "must begin with https://, not with ftp://"],
  ["http://pbx.example.com/api/json", "is not encrypted"],
  ["http://127.0.0.1.example.com/api/json", "is not encrypted"],
  ["http://10.127.0.0.1.example.com/api/json", "is not encrypted"],
  ["http://localhost.example.com/api/json", "is not encrypted"],
  ["http://my-localhost/api/json", "is not encrypted"],
  ["https://u:p@pbx.example.com/api/json", "contains credentials"],
  ["https://u@pbx.example.com/api/json", "contains credentials"],
  ["https://:p@pbx.example.com/api/json", "contains credentials"],
  ["https://pbx.example.com/api/json?x", "must end with its path"],
  ["https://pbx.example.com/api/json#x", "must end with its path"],
  ["pbx.example.com", "is not a URL"],
])("%s is refused: it %s", (endpoint, why) => {
  const error = expect.objectContaining({ name: "EndpointError", message: expect.stringContaining(why) });
  expect(() => parseEndpoint(endpoint)).toThrow(error);
});
