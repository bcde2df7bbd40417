import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeKey } from "../../../src/sign/make-key.ts";
import { parseMinisig, signedComment, signedContent, signMinisign } from "../../../src/sign/minisign.ts";
import { parsePublicKey } from "../../../src/sign/read-key.ts";
import { parseTrustedComment, renderTrustedComment } from "../../../src/sign/trusted-comment.ts";

/** A key and a signature of the four bytes "test" that minisign itself made, with our untrusted comment. */
const foreignKey = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
const foreign = `untrusted comment: signature from nvlab key E7620F1842B4E81F
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1556193335\tfile:test
y/rUw2y8/hOUYjZU71eHp/Wo1KZ40fGy2VJEDl34XMJM+TX48Ss/17u3IvIfbVR1FkZZSNCisQbuQY+bHwhEBg==
`;

describe("a minisign signature", () => {
  it("of minisign itself is understood", () => {
    const key = parsePublicKey(
      `untrusted comment: minisign public key E7620F1842B4E81F\n${foreignKey}\n`,
      "k",
    );
    const bare = parsePublicKey(foreignKey, "k");
    const minisig = parseMinisig(foreign);
    if (!key.ok || !bare.ok || !minisig) throw new Error("not read");
    expect(minisig.keyId).toBe("E7620F1842B4E81F");
    expect(bare.value.raw).toEqual(key.value.raw);
    expect(signedContent(minisig, Buffer.from("test"), key.value)).toBe(true);
    expect(signedContent(minisig, Buffer.from("Test"), key.value)).toBe(false);
    expect(signedComment(minisig, key.value)).toBe(true);
    expect(signedComment({ ...minisig, trustedComment: "other" }, key.value)).toBe(false);
  });

  it("of the same content by the same key is the same text, and no other text is read as it", () => {
    const key = makeKey();
    const text = signMinisign(Buffer.from("content"), "a comment", key);
    expect(signMinisign(Buffer.from("content"), "a comment", key)).toBe(text);
    expect(parseMinisig(text)?.trustedComment).toBe("a comment");
    for (const other of [
      text.trimEnd(),
      `${text}\n`,
      text.replaceAll("\n", "\r\n"),
      text.replace("nvlab key", "minisign key"),
      text.replace("=\n", "\n"),
      text.replace(/=\n/, "==\n"),
      "",
    ]) {
      expect(parseMinisig(other)).toBeUndefined();
    }
  });

  it("changed in any one character is no signature, or does not fit", () => {
    const key = makeKey();
    const content = Buffer.from("content");
    const text = signMinisign(content, "file:x\thashed", key);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 127 }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        fc.pre(changed !== text);
        const minisig = parseMinisig(changed);
        const fits =
          minisig !== undefined &&
          signedContent(minisig, content, key.publicKey) &&
          signedComment(minisig, key.publicKey);
        // The id is bound to the key by whoever checks: see test/integration/trust.
        expect(fits && minisig.keyId === parseMinisig(text)?.keyId).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a trusted comment", () => {
  const fields = {
    file: "manifest.json",
    release: "1.2.0",
    target: "qemu-virt",
    expires: new Date("2027-06-30"),
    statements: new Map([["provenance.dsse.json", "ab".repeat(32)]]),
  };

  it("says what was signed, and is read again", () => {
    const text = renderTrustedComment(fields);
    expect(text.split("\t")).toEqual([
      "file:manifest.json",
      "hashed",
      "release:1.2.0",
      "target:qemu-virt",
      "expires:2027-06-30T00:00:00.000Z",
      `statement:provenance.dsse.json=${"ab".repeat(32)}`,
    ]);
    expect(parseTrustedComment(text)).toEqual(fields);
  });

  it("in another form is not read", () => {
    const text = renderTrustedComment(fields);
    for (const other of [
      "",
      "timestamp:1556193335\tfile:test\thashed",
      text.replace("\thashed", ""),
      `${text}\tmore:x`,
      `${text} `,
      text.replace("2027-06-30T00:00:00.000Z", "2027-06-30"),
      text.replace("2027-06-30T00:00:00.000Z", "never"),
      text.replace("release:1.2.0", "release:1.2.0\trelease:1.3.0"),
    ]) {
      expect(parseTrustedComment(other)).toBeUndefined();
    }
  });
});
