import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { stackFacts, stackInput } from "../../../test/_helpers/stack-values.ts";
import type { StackInput } from "../../stack/stack-input.ts";
import { desiredStack } from "../../stack/stack.ts";
import { joinAgent } from "./join-agent.ts";
import type { Files } from "./files.ts";
import { filesHash, renderStack } from "./render-stack.ts";
import { loadTemplates } from "./template-files.ts";

let templates: Files;
beforeAll(async () => {
  templates = await loadTemplates();
});

test("the folder holds the root, the modules it names, the instance's files and the values", () => {
  const files = render();
  const sources = (files.get("main.tf") ?? "").matchAll(/source = "\.\/(modules\/[a-z-]+)"/g);
  const folders = [...sources].map(([, folder = ""]) => folder);
  const { modules } = desiredStack(stackInput(), stackFacts());
  expect(folders.toSorted()).toEqual(modules.map((name) => `modules/${name}`).toSorted());
  for (const folder of folders) {
    for (const file of ["main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md"]) {
      expect(files.has(`${folder}/${file}`), `${folder}/${file}`).toBe(true);
    }
  }
  const boot = "instance/boot.sh";
  expect(files.get(boot)).toBe(templates.get(boot));
  const agent = joinAgent(agentParts(), "agent.py", ["agent.py", "bootstrap.py"]);
  expect(files.get("instance/infer-deploy-agent")).toBe(agent);
  expect(files.get("backend.tf")).toContain(
    'key          = "embeddings/production/terraform.tfstate"',
  );
});

test("no marker and no placeholder is left, and every HCL file says where it comes from", () => {
  for (const [path, content] of render({ domains: ["api.example.com"], zone: "example.com" })) {
    if (path.endsWith(".tf")) {
      expect(content, path).toMatch(/^# Written by infer-deploy\./);
      expect(content, path).not.toMatch(/# <(?:if|end)|"@/);
    }
  }
});

test("dns is there with a domain and gone without", () => {
  const secure = render({ domains: ["api.example.com"], zone: "example.com" });
  expect(secure.get("main.tf")).toContain("certificate_arn = module.dns.certificate_arn");
  expect(secure.has("modules/dns/main.tf")).toBe(true);
  expect(moves(secure)).toEqual([["plain", "redirect"]]);
  const plain = render();
  expect(moves(plain)).toEqual([["redirect", "plain"]]);
  expect(plain.get("main.tf")).not.toContain("module.dns");
  expect([...plain.keys()].filter((path) => path.startsWith("modules/dns"))).toEqual([]);
});

test("GitHub's roles come with policies that Terraform completes, and are gone without", () => {
  const github = {
    repository: "octo-org/octo-repo",
    ownerId: null,
    repositoryId: null,
    branches: ["main"],
    environments: [],
  };
  const files = render({ github });
  expect(files.get("main.tf")).toContain('source = "./modules/github"');
  expect(files.get("outputs.tf")).toContain("module.github.role_arns");
  expect(files.get("README.md")).toContain("`policies/`");
  const [release, plan] = ["release", "plan"].map(
    (role) => files.get(`policies/${role}.json.tftpl`) ?? "",
  );
  expect(JSON.parse(release ?? "")).toMatchObject({ Version: "2012-10-17" });
  expect(release).toContain(
    '"arn:${partition}:s3:::infer-deploy-${account_id}-eu-central-1-an/embeddings/production/*"',
  );
  expect(release).toContain("s3:PutObject");
  expect(plan).not.toContain("s3:PutObject");
  // Terraform evaluates only these two.
  expect(new Set(`${release}${plan}`.match(/[$%]\{[^}]*\}/g))).toEqual(
    new Set(["${account_id}", "${partition}"]),
  );
  const plain = render();
  expect(
    [...plain].filter(
      ([path, text]) => /policies|github/.test(path) || /module\.github/.test(text),
    ),
  ).toEqual([]);
});

test("the state is in the bucket, in a file, or in a workspace, and in one place only", () => {
  const kinds = {
    s3: { organization: null, workspace: null },
    local: { organization: null, workspace: null },
    cloud: { organization: "Acme_1", workspace: "embeddings-production" },
  };
  const of = (backend: keyof typeof kinds) => {
    const files = render({ state: { backend, ...kinds[backend] } });
    return `${files.get("backend.tf")}${files.get("README.md")}`;
  };
  expect(of("s3")).toMatch(/backend "s3" \{\n {4}bucket {7}= "infer-deploy-/);
  expect(of("s3")).not.toMatch(/backend "local"|cloud \{|HCP/);
  expect(of("local")).toContain('backend "local" {}');
  expect(of("local")).not.toMatch(/backend "s3"|cloud \{|terraform\.tfstate"/);
  expect(of("cloud")).toContain('organization = "Acme_1"');
  expect(of("cloud")).toContain('name = "embeddings-production"');
  expect(of("cloud")).not.toMatch(/backend "/);
});

test("the values are sorted and end with a line break, so that a change is one line", () => {
  const text = render().get("terraform.tfvars.json") ?? "";
  const keys = Object.keys(JSON.parse(text) as object);
  expect(keys).toEqual(keys.toSorted());
  expect(text).toMatch(/\n\}\n$/);
});

test("values of the user reach the tfvars as they are, and no other file", () => {
  const plain = render();
  fc.assert(
    fc.property(hostileTexts, hostileTexts, (key, value) => {
      const tags = Object.fromEntries([[key, value]]);
      const files = render({ tags, health: { ...stackInput().health, path: value } });
      const values = JSON.parse(files.get("terraform.tfvars.json") ?? "") as Record<
        string,
        unknown
      >;
      expect(values["tags"]).toEqual(tags);
      expect(values["health"]).toHaveProperty("path", value);
      const others = (all: Files) => [...all].filter(([path]) => path !== "terraform.tfvars.json");
      expect(others(files)).toEqual(others(plain));
    }),
  );
});

test("a backend's name that is not plain is refused", () => {
  for (const account of ['x" }', "${file(1)}", "a\nb"]) {
    const stack = desiredStack(stackInput(), stackFacts({ account }));
    expect(() => renderStack(stack, templates)).toThrow("The backend's bucket cannot be written");
  }
});

test("what is not known is left for bare terraform to ask, and the README says how", () => {
  const unknown = desiredStack(stackInput(), stackFacts({ account: null, amiId: null }));
  const files = renderStack(unknown, templates);
  expect(files.get("backend.tf")).not.toContain("bucket");
  expect(files.get("terraform.tfvars.json")).not.toMatch(/account_id|ami_id/);
  expect(files.get("README.md")).toContain("-backend-config");
  expect(files.get("README.md")).toContain("asks for `ami_id`");
  expect(render().get("README.md")).not.toMatch(/-backend-config|asks for|<(?:if|end)/);
});

test("a missing template is an error and not an empty file", () => {
  const stack = desiredStack(stackInput(), stackFacts());
  const without = (part: string) =>
    new Map([...templates].filter(([path]) => !path.startsWith(part)));
  expect(() => renderStack(stack, without("terraform/modules/logs/"))).toThrow("modules/logs");
  expect(() => renderStack(stack, without("instance/boot.sh"))).toThrow("instance/boot.sh");
  expect(() => renderStack(stack, without("instance/agent/"))).toThrow("instance/agent/");
});

test("the hash depends on paths and contents and not on their order", () => {
  const hash = (...entries: readonly (readonly [string, string])[]) => filesHash(new Map(entries));
  expect(hash(["a", "1"], ["b", "2"])).toBe(hash(["b", "2"], ["a", "1"]));
  const all = [
    hash(["a", "1"], ["b", "2"]),
    hash(["a", "2"], ["b", "1"]),
    hash(["a", "1b"], ["", "2"]),
    hash(["a", "1"]),
    hash(["a1", ""]),
    hash(["a", "bc"]),
    hash(["ab", "c"]),
    hash(["a", "1"], ["b", ""]),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test("rendering again gives the same hash", () => {
  expect(filesHash(render())).toBe(filesHash(render()));
  expect(filesHash(render({ protection: true }))).not.toBe(filesHash(render()));
});

/** By file name. */
function agentParts(): Files {
  const folder = "instance/agent/";
  const parts = [...templates].filter(([path]) => path.startsWith(folder) && path.endsWith(".py"));
  return new Map(parts.map(([path, content]) => [path.slice(folder.length), content]));
}

function render(changes: Partial<StackInput> = {}): Files {
  return renderStack(desiredStack(stackInput(changes), stackFacts()), templates);
}

const hostileTexts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .tuple(
      fc.constantFrom(
        '${file("/etc/passwd")}',
        "%{ for x in y }",
        '"',
        "\n",
        "\\",
        "-x",
        "$$",
        "$&",
        "é𝕏",
        "# <if dns>",
        "@bucket@",
        "__proto__",
      ),
      fc.string(),
    )
    .map((parts) => parts.join("")),
);

/** The listeners of port 80 that moved.tf renames: from and to. */
function moves(files: Files): readonly (readonly string[])[] {
  const blocks = (files.get("moved.tf") ?? "").split("moved {").slice(1);
  return blocks
    .map((block) =>
      [...block.matchAll(/aws_lb_listener\.(\w+)\[0\]/g)].map(([, name = ""]) => name),
    )
    .filter((names) => names.length > 0);
}
