#define _GNU_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define _XOPEN_SOURCE_EXTENDED 1

#include "CNcurses.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { CAPTURE_SHOWN = 8192, ALTERNATE_STACK = 65536 };

static SCREEN *screen;
// Keys are read from a pad: reading from stdscr would paint it.
static WINDOW *keys;
static bool has_color;
static int wake_in = -1, wake_out = -1;

// What the handlers read. Set before they are installed, except for the flags.
static volatile sig_atomic_t owns_terminal, interrupted, suspended;
static struct termios modes_before;
static char restoring[512];
static size_t restoring_length;
static int capture = -1, real_stderr = -1;
static volatile sig_atomic_t asks;
static void (*resize_of_curses)(int);

// MARK: Signals

static const int ending[] = {SIGHUP, SIGTERM, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
enum { ENDING = sizeof ending / sizeof *ending };
static struct sigaction ending_before[ENDING], int_before, tstp_before, winch_before, pipe_before;
static char alternate_stack[ALTERNATE_STACK];

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

// Copies the last of what went to descriptor 2 to where it was meant to go.
static void show_captured(void) {
  if (capture < 0) return;
  off_t end = lseek(capture, 0, SEEK_END);
  off_t at = end > CAPTURE_SHOWN ? end - CAPTURE_SHOWN : 0;
  char bytes[1024];
  ssize_t count;
  while ((count = pread(capture, bytes, sizeof bytes, at)) > 0) {
    write_all(real_stderr, bytes, (size_t)count);
    at += count;
  }
}

// endwin is not safe in a handler; write and tcsetattr are.
static void end_by_signal(int number) {
  // Suspended or in the background, the terminal is the shell's.
  pid_t front = tcgetpgrp(STDIN_FILENO);
  if (owns_terminal && (front < 0 || front == getpgrp())) {
    owns_terminal = 0;
    write_all(STDOUT_FILENO, restoring, restoring_length);
    // An answer still unread would be typed at the shell.
    tcsetattr(STDIN_FILENO, asks ? TCSAFLUSH : TCSANOW, &modes_before);
    show_captured();
  }
  signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  raise(number);
}

static void note(int number) {
  int error = errno;
  switch (number) {
    case SIGINT:
      // Nobody saw the first one: the loop hangs.
      if (interrupted) end_by_signal(number);
      interrupted = 1;
      break;
    case SIGTSTP:
      suspended = 1;
      break;
    default:
      if (resize_of_curses) resize_of_curses(number);
  }
  // Without this a signal between cn_key and poll would wait for the next key.
  (void)!write(wake_out, "", 1);
  errno = error;
}

static void take(int number, void (*handler)(int), int flags, bool even_if_ignored, struct sigaction *before) {
  sigaction(number, NULL, before);
  // nohup and shells without job control ignore signals for a reason.
  if (before->sa_handler == SIG_IGN && !even_if_ignored) return;
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigfillset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

// Before newterm: ncurses leaves alone what is handled already.
static void take_signals(void) {
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  sigaltstack(&stack, NULL);
  for (int i = 0; i < ENDING; i++) {
    take(ending[i], end_by_signal, SA_RESETHAND | SA_ONSTACK, false, &ending_before[i]);
  }
  take(SIGINT, note, SA_RESTART, false, &int_before);
  take(SIGTSTP, note, SA_RESTART, false, &tstp_before);
  // A pipe that closes is an error to report, not a reason to vanish with the screen up.
  take(SIGPIPE, SIG_IGN, 0, true, &pipe_before);
  sigaction(SIGWINCH, NULL, &winch_before);
}

// After newterm: ncurses' own handler still has to run, it makes KEY_RESIZE.
static void take_resize(void) {
  struct sigaction of_curses;
  sigaction(SIGWINCH, NULL, &of_curses);
  bool is_function = of_curses.sa_handler != SIG_DFL && of_curses.sa_handler != SIG_IGN;
  resize_of_curses = is_function ? of_curses.sa_handler : NULL;
  struct sigaction ignored;
  take(SIGWINCH, note, SA_RESTART, true, &ignored);
}

static void give_signals_back(void) {
  for (int i = 0; i < ENDING; i++) sigaction(ending[i], &ending_before[i], NULL);
  sigaction(SIGINT, &int_before, NULL);
  sigaction(SIGTSTP, &tstp_before, NULL);
  sigaction(SIGPIPE, &pipe_before, NULL);
  sigaction(SIGWINCH, &winch_before, NULL);
}

// MARK: Modes that ncurses does not know

// Codes beyond ncurses' own, which end at KEY_MAX.
enum { KEY_OF_MOUSE = KEY_MAX + 1, KEY_OF_PASTE, KEY_OF_PASTE_END, KEY_OF_SYNC, KEY_OF_NO_SYNC };

enum { ANSWER_MILLISECONDS = 100 };

// Only to terminals that take xterm's sequences, told by their mouse key: others may print what they do not know.
static bool is_like_xterm, takes_mouse, has_asked, synchronizes;
static int64_t asked_at;

static const char all_off[] = "\x1b[?2026l\x1b[?2004l\x1b[?1006l\x1b[?1002l";

// Past stdio and ncurses' buffer, so that it comes in order with what doupdate sends.
static void say(const char *bytes) { write_all(STDOUT_FILENO, bytes, strlen(bytes)); }

static int64_t milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void define_keys(void) {
  define_key("\x1b[<", KEY_OF_MOUSE);
  // Not in every description of a terminal that sends them.
  define_key("\x1b[1;2D", KEY_SLEFT);
  define_key("\x1b[1;2C", KEY_SRIGHT);
  define_key("\x1b[200~", KEY_OF_PASTE);
  define_key("\x1b[201~", KEY_OF_PASTE_END);
  // Known and on or off; unknown, or on or off for ever.
  define_key("\x1b[?2026;1$y", KEY_OF_SYNC);
  define_key("\x1b[?2026;2$y", KEY_OF_SYNC);
  define_key("\x1b[?2026;0$y", KEY_OF_NO_SYNC);
  define_key("\x1b[?2026;3$y", KEY_OF_NO_SYNC);
  define_key("\x1b[?2026;4$y", KEY_OF_NO_SYNC);
}

static void modes_on(void) {
  if (!is_like_xterm) return;
  say("\x1b[?2004h");
  if (takes_mouse) say("\x1b[?1002h\x1b[?1006h");
}

static void modes_off(void) {
  if (is_like_xterm) say(all_off);
}

// With the terminal's description loaded by setupterm.
static void find_modes(void) {
  const char *type = getenv("TERM"), *program = getenv("TERM_PROGRAM"), *mouse = tigetstr("kmous");
  is_like_xterm = mouse && mouse != (char *)-1 && type && strncmp(type, "linux", 5) != 0;
  // Apple's terminal prints the last byte of the question.
  has_asked = program && strcmp(program, "Apple_Terminal") == 0;
  takes_mouse = synchronizes = false;
  asks = 0;
}

void cn_mouse(bool on) {
  takes_mouse = on;
  if (is_like_xterm) say(on ? "\x1b[?1002h\x1b[?1006h" : "\x1b[?1006l\x1b[?1002l");
}

// Whether frames can be shown whole (mode 2026). The answer comes as a key, so nothing waits for it.
static void ask_for_synchronized_update(void) {
  if (has_asked || !is_like_xterm) return;
  has_asked = true;
  asks = 1;
  asked_at = milliseconds_now();
  say("\x1b[?2026$p");
}

// MARK: Opening and closing

static int keep(int byte) {
  if (restoring_length < sizeof restoring) restoring[restoring_length++] = (char)byte;
  return byte;
}

static void keep_capability(const char *name) {
  char *value = tigetstr(name);
  if (value && value != (char *)-1) tputs(value, 1, keep);
}

// Before newterm, with the terminal's description loaded by setupterm.
static void prepare_restoring(bool color) {
  restoring_length = 0;
  if (is_like_xterm) {
    for (const char *byte = all_off; *byte; byte++) keep(*byte);
  }
  keep_capability("rmacs");
  keep_capability("sgr0");
  if (color) keep_capability("op");
  keep_capability("cnorm");
  keep_capability("rmkx");
  char *leave = tigetstr("rmcup");
  if (leave && leave != (char *)-1) {
    tputs(leave, 1, keep);
  } else {
    keep_capability("clear");
  }
}

// Whatever a library says to descriptor 2 would tear the picture.
static void capture_stderr(void) {
  if (!isatty(STDERR_FILENO)) return;
  const char *folder = getenv("TMPDIR");
  char path[1024];
  int length = snprintf(path, sizeof path, "%s/lora-explorer-XXXXXX", folder && *folder ? folder : "/tmp");
  if (length < 0 || (size_t)length >= sizeof path) return;
  int file = mkstemp(path);
  if (file < 0) return;
  unlink(path);
  fcntl(file, F_SETFD, FD_CLOEXEC);
  fcntl(file, F_SETFL, O_APPEND);
  fflush(stderr);
  real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (real_stderr < 0 || dup2(file, STDERR_FILENO) < 0) {
    close(file);
    return;
  }
  capture = file;
}

static void release_stderr(void) {
  if (capture < 0) return;
  fflush(stderr);
  dup2(real_stderr, STDERR_FILENO);
  show_captured();
  close(capture);
  close(real_stderr);
  capture = real_stderr = -1;
}

// An answer that comes after us would be typed at the shell.
static void await_answer(void) {
  while (asks) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int64_t left = asked_at + ANSWER_MILLISECONDS - milliseconds_now();
    if (left <= 0 || poll(&input, 1, (int)left) < 0) return;
    int32_t key;
    while ((key = cn_key()) >= 0) {}
    if (key == CN_KEY_END) return;
  }
}

int cn_open(bool color, int wake_read, int wake_write) {
  static bool closes_at_exit;
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CN_NOT_A_TERMINAL;

  // newterm accepts TERM=dumb and writes garbage.
  int problem;
  if (setupterm(NULL, STDOUT_FILENO, &problem) != OK) return CN_UNKNOWN_TYPE;
  char *move = tigetstr("cup");
  bool can_move = move && move != (char *)-1;
  find_modes();
  if (can_move) prepare_restoring(color);
  del_curterm(cur_term);
  if (!can_move) return CN_NO_CURSOR_ADDRESS;

  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  wake_in = wake_read;
  wake_out = wake_write;
  interrupted = suspended = 0;
  fflush(stdout);
  tcgetattr(STDIN_FILENO, &modes_before);
  owns_terminal = 1;
  take_signals();

  // Not the stale LINES and COLUMNS of the environment.
  use_tioctl(TRUE);
  screen = newterm(NULL, stdout, stdin);
  if (!screen) {
    owns_terminal = 0;
    give_signals_back();
    return CN_UNKNOWN_TYPE;
  }
  take_resize();
  // Until it has ended once, ncurses sends what it has at every move of the cursor: frames would come in pieces.
  endwin();
  refresh();
  capture_stderr();
  if (!closes_at_exit) {
    // exit() runs no deinit.
    atexit(cn_close);
    closes_at_exit = true;
  }

  cbreak();
  noecho();
  nonl();
  set_escdelay(25);
  curs_set(0);
  // Else it looks for keys between lines, and breaks a frame off where there are some.
  typeahead(-1);
  keys = newpad(1, 1);
  keypad(keys, TRUE);
  nodelay(keys, TRUE);
  define_keys();
  modes_on();
  has_color = color && start_color() == OK && use_default_colors() == OK;
  return CN_OPENED;
}

void cn_close(void) {
  if (!screen) return;
  await_answer();
  modes_off();
  endwin();
  owns_terminal = 0;
  delwin(keys);
  delscreen(screen);
  screen = NULL;
  keys = NULL;
  resize_of_curses = NULL;
  give_signals_back();
  release_stderr();
}

void cn_suspend(void) {
  await_answer();
  modes_off();
  endwin();
  owns_terminal = 0;
  // The default action and not SIGSTOP: without a shell to continue us, the kernel does not stop us.
  struct sigaction action = {.sa_handler = SIG_DFL}, mine;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTSTP, &action, &mine);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &mine, NULL);
  owns_terminal = 1;
  modes_on();

  // The shell was told of a resize meanwhile, not we.
  struct winsize now;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_row > 0 && now.ws_col > 0
      && is_term_resized(now.ws_row, now.ws_col)) {
    resizeterm(now.ws_row, now.ws_col);
  }
  clearok(curscr, TRUE);
  wnoutrefresh(stdscr);
  doupdate();
}

// MARK: State

// term.h makes a macro of `columns`.
void cn_size(int *height, int *width) { getmaxyx(stdscr, *height, *width); }

bool cn_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

bool cn_fits_cell(uint32_t character) { return wcwidth((wchar_t)character) == 1; }

int cn_colors(void) { return has_color ? COLORS : 0; }

void cn_pair(int pair, int color) { init_extended_pair(pair, color, -1); }

// MARK: Input

int cn_wait(int milliseconds) {
  struct pollfd watched[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake_in, .events = POLLIN}};
  if (poll(watched, 2, milliseconds) <= 0) return 0;
  int seen = 0;
  if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) seen |= CN_HANGUP;
  if (watched[1].revents) seen |= CN_WOKEN;
  return seen;
}

int cn_signals(void) {
  int seen = 0;
  if (interrupted) seen |= CN_INTERRUPT;
  if (suspended) seen |= CN_SUSPEND;
  interrupted = suspended = 0;
  return seen;
}

// Readable with nothing to read: end of file, which ncurses reports like "no key".
static bool input_ended(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  if (poll(&input, 1, 0) <= 0) return false;
  int count = 0;
  return ioctl(STDIN_FILENO, FIONREAD, &count) != 0 || count == 0;
}

static int32_t named_key(wint_t key) {
  switch (key) {
    case KEY_UP: return CN_KEY_UP;
    case KEY_DOWN: return CN_KEY_DOWN;
    case KEY_LEFT: return CN_KEY_LEFT;
    case KEY_RIGHT: return CN_KEY_RIGHT;
    case KEY_SLEFT: return CN_KEY_SHIFT_LEFT;
    case KEY_SRIGHT: return CN_KEY_SHIFT_RIGHT;
    case KEY_HOME: return CN_KEY_HOME;
    case KEY_END: return CN_KEY_END_OF_LINE;
    case KEY_PPAGE: return CN_KEY_PAGE_UP;
    case KEY_NPAGE: return CN_KEY_PAGE_DOWN;
    case KEY_ENTER: return CN_KEY_ENTER;
    case KEY_BTAB: return CN_KEY_BACK_TAB;
    case KEY_BACKSPACE: return CN_KEY_BACKSPACE;
    case KEY_DC: return CN_KEY_DELETE;
    case KEY_RESIZE: return CN_KEY_RESIZE;
    case KEY_OF_PASTE: return CN_KEY_PASTE;
    case KEY_OF_PASTE_END: return CN_KEY_PASTE_END;
  }
  if (key >= KEY_F0 && key <= KEY_F(63)) return CN_KEY_FUNCTION + (int32_t)(key - KEY_F0);
  return CN_KEY_OTHER;
}

// A mouse report in the form of mode 1006, `ESC [ < button ; column ; row M` or `m`, after its first three bytes.
static struct {
  bool is_open, is_release;
  int count, numbers[3];
} report;

// Whether `key` belongs to the report.
static bool continues_report(wint_t key) {
  if (key >= '0' && key <= '9') {
    int *number = &report.numbers[report.count];
    if (*number < 10000) *number = 10 * *number + (int)(key - '0');
    return true;
  }
  if (key == ';') return ++report.count < 3;
  if ((key != 'M' && key != 'm') || report.count != 2) return false;
  report.is_open = false;
  report.is_release = key == 'm';
  return true;
}

void cn_mouse_report(int *button, int *row, int *column, bool *is_release) {
  *button = report.numbers[0];
  *column = report.numbers[1] - 1;
  *row = report.numbers[2] - 1;
  *is_release = report.is_release;
}

// After an escape: the rest of a key that the terminal's description does not have, which comes with it, is no key
// of ours; else the escape was one.
static int32_t escape_or_unknown(void) {
  wint_t key;
  int kind = wget_wch(keys, &key);
  if (kind == ERR) return 0x1b;
  bool is_sequence = kind == OK && (key == '[' || key == 'O');
  if (!is_sequence) {
    if (kind == OK) unget_wch((wchar_t)key);
    else ungetch((int)key);
    return 0x1b;
  }
  // Parameters, then one byte from @ to ~.
  bool takes_one = key == 'O';
  while (wget_wch(keys, &key) == OK && !takes_one && key < '@') {}
  return CN_KEY_OTHER;
}

int32_t cn_key(void) {
  while (true) {
    wint_t key;
    int kind = wget_wch(keys, &key);
    if (kind == ERR) return input_ended() ? CN_KEY_END : CN_KEY_NONE;
    if (report.is_open) {
      if (kind == OK && continues_report(key)) {
        if (!report.is_open) return CN_KEY_MOUSE;
        continue;
      }
      report.is_open = false;
    }
    if (kind == OK && key == 0x1b) return escape_or_unknown();
    if (kind == OK) return key <= 0x10ffff ? (int32_t)key : CN_KEY_OTHER;
    switch (key) {
      case KEY_OF_MOUSE:
        memset(&report, 0, sizeof report);
        report.is_open = true;
        break;
      case KEY_OF_SYNC:
      case KEY_OF_NO_SYNC:
        asks = 0;
        synchronizes = key == KEY_OF_SYNC;
        break;
      default: return named_key(key);
    }
  }
}

// MARK: Output

void cn_put(int row, int column, const uint32_t *scalars, int start, int count, int pair, int attributes) {
  attr_t style = A_NORMAL;
  if (attributes & CN_BOLD) style |= A_BOLD;
  if (attributes & CN_DIM) style |= A_DIM;
  if (attributes & CN_REVERSE) style |= A_REVERSE;

  cchar_t cells[128];
  const int room = sizeof cells / sizeof *cells;
  const uint32_t *next = scalars + start;
  while (count > 0) {
    int part = count < room ? count : room;
    for (int i = 0; i < part; i++) {
      wchar_t text[2] = {(wchar_t)next[i], 0};
      if (wcwidth(text[0]) != 1) text[0] = L'?';
      setcchar(&cells[i], text, style, 0, &pair);
    }
    // Neither wraps nor moves on, so the last cell of the screen is no special case.
    mvwadd_wchnstr(stdscr, row, column, cells, part);
    next += part;
    column += part;
    count -= part;
  }
}

void cn_erase(void) { werase(stdscr); }

void cn_redraw(void) { clearok(curscr, TRUE); }

void cn_flush(int cursor_row, int cursor_column, bool shows_cursor) {
  if (synchronizes) say("\x1b[?2026h");
  if (cursor_row >= 0) wmove(stdscr, cursor_row, cursor_column);
  curs_set(shows_cursor ? 1 : 0);
  wnoutrefresh(stdscr);
  doupdate();
  if (synchronizes) say("\x1b[?2026l");
  ask_for_synchronized_update();
}
