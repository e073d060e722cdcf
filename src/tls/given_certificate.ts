/** A certificate in files that others keep: what got it renews it, and the server reads it again. */
import { readNamedFile } from "../trust/private_file.ts";
import { type Certificate, certificateOf } from "./certificate.ts";
import {
  type CertificateSource,
  type Loaded,
  stateOfFiles,
} from "./certificate_source.ts";

export interface GivenPaths {
  /** The certificate, with those behind it that vouch for it. */
  readonly chain: string;
  readonly key: string;
}

/** The certificate in these files. */
export function givenCertificate(paths: GivenPaths): CertificateSource {
  let current: Certificate | undefined;
  return {
    state: async (now) => {
      const isOver = current !== undefined && now > current.notAfter;
      return `${await stateOfFiles([paths.chain, paths.key])} ${isOver}`;
    },
    load: async (now) => {
      const loaded = await load(paths, now);
      current = loaded.certificate;
      return loaded;
    },
  };
}

/** @throws {ConfabError} `key-file`, naming the file that is at fault. */
async function load(paths: GivenPaths, now: number): Promise<Loaded> {
  const chain = await readNamedFile(paths.chain);
  const key = await readNamedFile(paths.key);
  const certificate = certificateOf(
    { path: paths.chain, text: chain.text },
    { path: paths.key, text: key.text },
  );
  const { notBefore, notAfter } = certificate;
  const told = (at: number) => new Date(at).toISOString();
  const warnings = [
    key.openness,
    now > notAfter && `${paths.chain}: has expired at ${told(notAfter)}`,
    now < notBefore && `${paths.chain}: is not good before ${told(notBefore)}`,
  ].filter((warning) => typeof warning === "string");
  return { certificate, warnings };
}
