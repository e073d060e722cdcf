export * from "npm:terser@5.51.2";
