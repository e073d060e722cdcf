export * from "npm:@noble/ciphers@2.4.0/chacha.js";
