// The entry point: every behaviour once, then the loop that starts them.
import "htmx.org";
import { connect } from "./connect.js";
import "./requests.js";
import "./theme-menu.js";
import "./toast.js";
import "./menu.js";
import "./confirm.js";
import "./dialog.js";
import "./context-menu.js";
import "./tabs.js";
import "./sidebar.js";
import "./shortcuts.js";
import "./search.js";
import "./picker.js";
import "./form-guard.js";
import "./errors.js";
import "./list.js";
import "./select-rows.js";
import "./inline-edit.js";
import "./sortable.js";
import "./board.js";
import "./items-table.js";
import "./upload.js";
import "./copy.js";
import "./editor.js";

connect();
