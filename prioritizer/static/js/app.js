// Everything a page does beyond HTML. Each module works on what it finds and is silent otherwise.
import "./theme.js";
import "./menus.js";
import "./keys.js";
import "./forms.js";
import "./keep.js";
import "./sums.js";
import "./what-if.js";
import "./passkeys.js";
import "./grid.js";
import "./curve.js";
import "./room.js";
