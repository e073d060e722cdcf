export * from "npm:@preact/signals@2.11.4";
