import { describe, expect, it } from "vitest";
import {
  Envelope,
  joinSignatures,
  preAuthenticationEncoding,
  renderEnvelope,
  signEnvelope,
  verifyEnvelope,
} from "../../../src/sign/dsse.ts";
import { keyId } from "../../../src/sign/key.ts";
import { makeKey } from "../../../src/sign/make-key.ts";

const [alice, bob] = [makeKey(), makeKey()];
const payload = Buffer.from("hello world");

describe("a DSSE envelope", () => {
  it("signs what the specification's example says", () => {
    const encoded = preAuthenticationEncoding("http://example.com/HelloWorld", payload);
    expect(encoded.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    const accented = preAuthenticationEncoding("t\u00e9", Buffer.from("\u00e9"));
    expect(accented.toString()).toBe("DSSEv1 3 t\u00e9 2 \u00e9");
  });

  it("is verified by the keys alone: the keyid decides nothing", () => {
    const envelope = signEnvelope("text/plain", payload, alice);
    const signersOf = (keyid: string) =>
      verifyEnvelope({ ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid, sig })) }, [
        bob.publicKey,
        alice.publicKey,
      ]).signers;
    for (const keyid of [keyId(alice.publicKey), keyId(bob.publicKey), "", "nobody"]) {
      expect(signersOf(keyid)).toEqual([alice.publicKey]);
    }
    const forged = signEnvelope("text/plain", payload, makeKey());
    const claimed = forged.signatures.map(({ sig }) => ({ keyid: keyId(alice.publicKey), sig }));
    expect(verifyEnvelope({ ...forged, signatures: claimed }, [alice.publicKey]).signers).toEqual([
      undefined,
    ]);
  });

  it("does not take a signature over another type or payload", () => {
    const envelope = signEnvelope("text/plain", payload, alice);
    const others = [
      { ...envelope, payloadType: "text/html" },
      { ...envelope, payload: Buffer.from("hello worlds").toString("base64") },
    ];
    for (const other of others) expect(verifyEnvelope(other, [alice.publicKey]).signers).toEqual([undefined]);
  });

  it("holds several signatures, sorted, one of each key", () => {
    const one = signEnvelope("text/plain", payload, alice);
    const both = joinSignatures(one, signEnvelope("text/plain", payload, bob));
    const other = joinSignatures(signEnvelope("text/plain", payload, bob), one);
    expect(renderEnvelope(both)).toBe(renderEnvelope(other));
    expect(joinSignatures(both, one).signatures).toHaveLength(2);
    const signers = verifyEnvelope(both, [alice.publicKey, bob.publicKey]).signers;
    expect(new Set(signers)).toEqual(new Set([alice.publicKey, bob.publicKey]));
  });

  it("is read only as it is written", () => {
    const envelope = signEnvelope("text/plain", payload, alice);
    expect(Envelope.parse(JSON.parse(renderEnvelope(envelope)))).toEqual(envelope);
    for (const other of [
      { ...envelope, more: 1 },
      { ...envelope, signatures: [] },
      { ...envelope, payload: "aGVsbG8gd29ybGQ" },
      { ...envelope, payload: "aGVsbG8gd29ybGR=" },
      { ...envelope, signatures: [{ sig: "" }] },
      { payloadType: "text/plain" },
      [],
      null,
    ]) {
      expect(Envelope.safeParse(other).success).toBe(false);
    }
  });
});
