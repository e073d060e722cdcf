export * from "npm:@preact/signals-core@1.14.5";
