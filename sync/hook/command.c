/*
 * Owns a child process while it runs. No shell unless it is asked for; no descriptor but the
 * three standard ones; an environment of its own, so that no secret of ours is in it.
 */
#include "config.h"

#include "sync/hook/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define COMMAND_STEP_NS	(10 * 1000 * 1000)
#define COMMAND_MERCY	(2 * CLOCK_SECOND)	/* between SIGTERM and SIGKILL */
#define COMMAND_WORDS	64
#define COMMAND_PATH	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct command {
	struct arena	*arena;
	char		*words[COMMAND_WORDS + 1];
	char		*environment[5];
	int		 input;			/* what it reads, -1: none */
	pid_t		 child;
};

/* Parts the command at its blanks, or gives it to the shell whole. */
static int
command_parse(struct command *command, const struct conf_set *set, struct err *err)
{
	char *rest, *text, *word;
	size_t n;

	text = arena_dup(command->arena, conf_text(set, CONF_HOOK_COMMAND));
	if (conf_number(set, CONF_HOOK_SHELL) != 0) {
		command->words[0] = arena_dup(command->arena, "/bin/sh");
		command->words[1] = arena_dup(command->arena, "-c");
		command->words[2] = text;
		return (0);
	}
	n = 0;
	for (word = strtok_r(text, " \t", &rest); word != NULL;
	    word = strtok_r(NULL, " \t", &rest)) {
		if (n == COMMAND_WORDS)
			return (err_set(err, ERR_HOOK, "the command has more than %d words",
			    COMMAND_WORDS));
		command->words[n++] = word;
	}
	return (0);
}

static void
command_set_environment(struct command *command, const struct hook_body *body)
{
	struct arena *arena = command->arena;

	command->environment[0] = arena_dup(arena, COMMAND_PATH);
	command->environment[1] = arena_printf(arena, "ROLLCALL_HOOK=%s", body->hook);
	command->environment[2] = arena_printf(arena, "ROLLCALL_EVENT=%s", body->event);
	command->environment[3] = arena_printf(arena, "ROLLCALL_ID=%s", body->id);
}

/* An event is far smaller than what a pipe holds: writing it does not wait for a reader. */
static int
command_write_input(struct command *command, const struct hook_body *body, struct err *err)
{
	int ends[2];
	bool whole;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return (err_set_errno(err, ERR_HOOK, errno, "a pipe"));
	whole = write(ends[1], body->json.data, body->json.len) == (ssize_t)body->json.len &&
	    write(ends[1], "\n", 1) == 1;
	(void)close(ends[1]);
	command->input = ends[0];
	return (whole ? 0 : err_set(err, ERR_HOOK, "the event does not fit into a pipe"));
}

static int
command_spawn(struct command *command, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int error;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawn_file_actions_adddup2(&actions, command->input, STDIN_FILENO);
	(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
	    0);
	(void)posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	(void)posix_spawn_file_actions_addchdir_np(&actions, "/");
	(void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	(void)posix_spawnattr_setpgroup(&attributes, 0);
	(void)posix_spawnattr_setsigmask(&attributes, &none);
	(void)posix_spawnattr_setsigdefault(&attributes, &all);
	error = posix_spawn(&command->child, command->words[0], &actions, &attributes,
	    command->words, command->environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	if (error != 0)
		return (err_set_errno(err, ERR_HOOK, error, "%s cannot be started",
		    command->words[0]));
	return (0);
}

/* 1 it ended; 0 the time is over, or *stop was set. */
static int
command_wait(const struct command *command, int64_t timeout, const atomic_bool *stop,
    int *status)
{
	const struct timespec step = { .tv_nsec = COMMAND_STEP_NS };
	int64_t end;
	pid_t ended;

	end = clock_monotonic() + timeout;
	for (;;) {
		ended = waitpid(command->child, status, WNOHANG);
		if (ended == command->child)
			return (1);
		if (clock_monotonic() >= end || (stop != NULL && atomic_load(stop)))
			return (0);
		(void)nanosleep(&step, NULL);
	}
}

/* Asks the group to end, then ends it. */
static void
command_kill(const struct command *command)
{
	int status;

	(void)kill(-command->child, SIGTERM);
	if (command_wait(command, COMMAND_MERCY, NULL, &status) == 0) {
		(void)kill(-command->child, SIGKILL);
		(void)waitpid(command->child, &status, 0);
	} else {
		(void)kill(-command->child, SIGKILL);	/* whoever is left of it */
	}
}

static int
command_run(struct command *command, int64_t timeout, const atomic_bool *stop,
    struct err *err)
{
	int status;

	if (command_spawn(command, err) < 0)
		return (-1);
	if (command_wait(command, timeout, stop, &status) == 0) {
		command_kill(command);
		if (stop != NULL && atomic_load(stop))
			return (err_set(err, ERR_CANCELLED, "the daemon stops"));
		return (err_set(err, ERR_HOOK, "%s was killed: it took longer than %lld s",
		    command->words[0], (long long)(timeout / CLOCK_SECOND)));
	}
	if (WIFSIGNALED(status))
		return (err_set(err, ERR_HOOK, "%s was ended by signal %d", command->words[0],
		    WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return (err_set(err, ERR_HOOK, "%s ended with status %d", command->words[0],
		    WEXITSTATUS(status)));
	return (0);
}

int
hook_command(const struct conf_set *set, const struct hook_body *body,
    const atomic_bool *stop, struct err *err)
{
	struct command command = { .input = -1 };
	int result;

	command.arena = arena_open();
	result = command_parse(&command, set, err);
	if (result == 0) {
		command_set_environment(&command, body);
		result = command_write_input(&command, body, err);
	}
	if (result == 0)
		result = command_run(&command, conf_number(set, CONF_HOOK_TIMEOUT), stop, err);
	if (command.input >= 0)
		(void)close(command.input);
	arena_close(&command.arena);
	return (result);
}
