export * from "npm:markdown-it@15.0.3/browser";
export { default } from "npm:markdown-it@15.0.3/browser";
