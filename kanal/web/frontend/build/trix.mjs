// Trix writes its own <style> elements, which our content security policy forbids; editor.css stands in for them.
import { readFile } from "node:fs/promises";

const writesStyles = /const styleElement = insertStyleElementForTagName\(tagName\);\s*styleElement\.textContent = [^;]+;/;

export const trixWithoutStyles = {
  name: "trix-without-styles",
  setup(build) {
    build.onLoad({ filter: /trix[\\/]dist[\\/]trix\.esm(\.min)?\.js$/ }, async ({ path }) => {
      const source = await readFile(path.replace(".min.js", ".js"), "utf8");
      if (!writesStyles.test(source)) throw new Error("trix no longer writes its styles as before: look at build/trix.mjs");
      return { contents: source.replace(writesStyles, ""), loader: "js" };
    });
  },
};
