// ncurses behind a few plain functions: no type and no macro of curses crosses into Swift.
// All of it is for one thread; only the signal handlers run elsewhere.
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stdint.h>

enum {
  CN_OPENED,
  CN_NOT_A_TERMINAL,
  CN_UNKNOWN_TYPE,
  // The terminal cannot place its cursor, so nothing can be drawn.
  CN_NO_CURSOR_ADDRESS,
};

// Bits of cn_put's attributes.
enum { CN_BOLD = 1, CN_DIM = 2, CN_REVERSE = 4 };

// Bits of cn_wait's answer.
enum { CN_WOKEN = 1, CN_HANGUP = 2 };

// Bits of cn_signals' answer.
enum { CN_INTERRUPT = 1, CN_SUSPEND = 2 };

// What cn_key returns besides a Unicode scalar.
enum {
  CN_KEY_NONE = -1,
  // The terminal is gone: no key will ever come again.
  CN_KEY_END = -2,
  CN_KEY_UP = 0x110000,
  CN_KEY_DOWN,
  CN_KEY_LEFT,
  CN_KEY_RIGHT,
  CN_KEY_SHIFT_LEFT,
  CN_KEY_SHIFT_RIGHT,
  CN_KEY_HOME,
  CN_KEY_END_OF_LINE,
  CN_KEY_PAGE_UP,
  CN_KEY_PAGE_DOWN,
  CN_KEY_ENTER,
  CN_KEY_BACK_TAB,
  CN_KEY_BACKSPACE,
  CN_KEY_DELETE,
  CN_KEY_RESIZE,
  // cn_mouse_report tells the rest.
  CN_KEY_MOUSE,
  // What comes up to CN_KEY_PASTE_END was pasted, not typed.
  CN_KEY_PASTE,
  CN_KEY_PASTE_END,
  // A key without a name here.
  CN_KEY_OTHER,
  // CN_KEY_FUNCTION + n is Fn.
  CN_KEY_FUNCTION = 0x110100,
};

// Takes over the terminal on descriptors 0 and 1, and 2 if that is one, and the signals that end, suspend
// or resize. A signal that the loop has to see, and a resize, writes a byte to `wake_write`; cn_wait watches
// `wake_read`. Both must stay open until cn_close.
int cn_open(bool color, int wake_read, int wake_write);

// Gives everything back, then shows the last of what was written to descriptor 2 meanwhile. May be repeated.
void cn_close(void);

void cn_size(int *height, int *width);

// Whether the locale's encoding is UTF-8.
bool cn_is_utf8(void);

// Whether the C library knows a character to be one cell wide; ncurses draws no other.
bool cn_fits_cell(uint32_t character);

// 0 without colour.
int cn_colors(void);

// Lets pair `pair` stand for `color` on the terminal's own background.
void cn_pair(int pair, int color);

// Waits for a key, a wake-up or `milliseconds` (negative: no limit). Keys that ncurses has read already do
// not count: take them with cn_key first.
int cn_wait(int milliseconds);

// The signals that came since the last call.
int cn_signals(void);

// One key: a Unicode scalar or one of CN_KEY_. Never waits, never draws.
int32_t cn_key(void);

// The mouse report that cn_key has just announced: xterm's button code, row and column from 0.
void cn_mouse_report(int *button, int *row, int *column, bool *is_release);

// Asks the terminal for presses, drags and the wheel, or leaves the mouse to it. Off at first.
void cn_mouse(bool on);

// Writes `count` scalars from `scalars[start]` on; what has not the width of one cell becomes `?`.
void cn_put(int row, int column, const uint32_t *scalars, int start, int count, int pair, int attributes);

void cn_erase(void);

// Sends what changed, and puts the cursor there, shown or not; a negative row leaves it anywhere.
void cn_flush(int cursor_row, int cursor_column, bool shows_cursor);

// Makes the next cn_flush send every cell.
void cn_redraw(void);

// Gives the terminal to the shell, stops, and after SIGCONT paints the last frame anew.
void cn_suspend(void);

#endif
