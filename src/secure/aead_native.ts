/** AES-256-GCM where there is `node:crypto`: short texts at once, long ones off the event loop. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { concat } from "@std/bytes/concat";
import { ChannelError } from "../base/errors.ts";
import { SEAL_ASIDE_BYTES } from "../base/limits.ts";
import { type Aead, type AeadFactory, subtleAead, TAG_BYTES } from "./aead.ts";

const CIPHER = "aes-256-gcm";

/** The same bytes as {@linkcode subtleAead}. Opening and sealing of short texts are synchronous. */
export const nativeAead: AeadFactory = (key) => {
  let aside: Aead | undefined;
  return {
    seal(nonce, ad, plaintext) {
      if (plaintext.length >= SEAL_ASIDE_BYTES) {
        return (aside ??= subtleAead(key)).seal(nonce, ad, plaintext);
      }
      const cipher = createCipheriv(CIPHER, key, nonce);
      if (ad.length > 0) cipher.setAAD(ad);
      const body = cipher.update(plaintext);
      cipher.final();
      return concat([body, cipher.getAuthTag()]);
    },
    open(nonce, ad, sealed) {
      const bodyBytes = sealed.length - TAG_BYTES;
      if (bodyBytes < 0) throw new ChannelError();
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, {
          authTagLength: TAG_BYTES,
        });
        if (ad.length > 0) decipher.setAAD(ad);
        decipher.setAuthTag(sealed.subarray(bodyBytes));
        const plaintext = decipher.update(sealed.subarray(0, bodyBytes));
        decipher.final();
        return plaintext;
      } catch {
        throw new ChannelError();
      }
    },
  };
};
