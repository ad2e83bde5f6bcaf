/**
 * The headers that a listener's attributes put on every answer: routing.http.response.NAME.header_value, with underscores in NAME
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-header-modification.html).
 */
export function readResponseHeaders(
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const name = pattern.exec(key)?.[1]?.replaceAll("_", "-");
      return name === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

const pattern = /^routing\.http\.response\.([a-z_]+)\.header_value$/;
