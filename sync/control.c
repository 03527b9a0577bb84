/*
 * Owns the listening socket and a count of connections. Threads: one accepts, one serves each
 * connection, at most CONTROL_CLIENTS of them. The user of rollcall-scimd may ask
 * for what clients of SCIM write and nothing else, over at most CONTROL_SCIM of them, so that
 * admins always come through.
 */
#include "config.h"

#include "sync/control.h"

#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "base/log.h"
#include "sync/control_io.h"
#include "sync/request/request.h"

#define CONTROL_CLIENTS		32
#define CONTROL_SCIM		16	/* … of them rollcall-scimd's */
#define CONTROL_SCIM_REQUEST	"scim.write"
#define CONTROL_GROUPS		256

struct control {
	struct engine	*engine;
	char		*path;
	gid_t		 admins;
	bool		 has_admins;
	uid_t		 scim;		/* the user of rollcall-scimd */
	bool		 has_scim;
	int		 fd;
	pthread_t	 thread;
	pthread_mutex_t	 lock;
	pthread_cond_t	 idle;
	int		 clients[CONTROL_CLIENTS];	/* descriptors, -1 for none */
	size_t		 count;
	size_t		 scim_count;
	bool		 stop;
};

/* A connection being served. */
struct control_client {
	struct control	*control;
	int		 fd;
	bool		 scim;		/* may ask for one thing alone */
	char		 actor[64];
};

/* ---- who may ask ------------------------------------------------------------------------------ */

static bool
control_in_group(const struct ucred *peer, gid_t wanted)
{
	gid_t groups[CONTROL_GROUPS];
	struct passwd *found, entry;
	char room[4096];
	int count, i;

	if (peer->gid == wanted)
		return (true);
	if (getpwuid_r(peer->uid, &entry, room, sizeof(room), &found) != 0 || found == NULL)
		return (false);
	count = CONTROL_GROUPS;
	if (getgrouplist(found->pw_name, found->pw_gid, groups, &count) < 0)
		return (false);
	for (i = 0; i < count; i++)
		if (groups[i] == wanted)
			return (true);
	return (false);
}

/* Whether the other end may ask at all; *scim: as rollcall-scimd, who is no admin. */
static bool
control_allows(const struct control *control, const struct ucred *peer, bool *scim)
{
	*scim = false;
	if (peer->uid == 0 || peer->uid == geteuid() ||
	    (control->has_admins && control_in_group(peer, control->admins)))
		return (true);
	*scim = control->has_scim && peer->uid == control->scim;
	return (*scim);
}

static void
control_name_actor(const struct ucred *peer, char *actor, size_t size)
{
	struct passwd *found, entry;
	char room[4096];

	if (getpwuid_r(peer->uid, &entry, room, sizeof(room), &found) == 0 && found != NULL)
		(void)snprintf(actor, size, "%.48s", found->pw_name);
	else
		(void)snprintf(actor, size, "uid %u", (unsigned int)peer->uid);
}

/* ---- one connection ------------------------------------------------------------------------------ */

static int
control_emit(void *context, json_t *event)
{
	const struct control_client *client = context;

	return (control_write(client->fd, event));
}

static void
control_answer_error(const struct control_client *client, const struct err *err)
{
	json_t *answer;

	answer = json_pack("{s:{s:s, s:s}}", "error", "code", err_kind(err->code)->name, "text",
	    err->text);
	(void)control_write(client->fd, answer);
	json_decref(answer);
}

static int
control_serve_request(struct control_client *client, const json_t *message, const int *file,
    struct err *err)
{
	struct request request = {
		.engine = client->control->engine,
		.actor = client->actor,
		.arguments = json_object_get(message, "arguments"),
		.emit = control_emit,
		.context = client,
		.file = file,
	};
	json_t *answer, *result;
	const char *name;
	int status;

	name = json_string_value(json_object_get(message, "request"));
	if (name == NULL)
		return (err_set(err, ERR_USAGE, "the message is no request"));
	if (client->scim && strcmp(name, CONTROL_SCIM_REQUEST) != 0)
		return (err_set(err, ERR_DENIED, "the user of rollcall-scimd may ask for %s and "
		    "nothing else", CONTROL_SCIM_REQUEST));
	request.arena = arena_open();
	status = request_handle(&request, name, &result, err);
	if (status == 0) {
		answer = json_pack("{s:o}", "result", result);
		(void)control_write(client->fd, answer);
		json_decref(answer);
	}
	arena_close(&request.arena);
	return (status);
}

static void
control_serve(struct control_client *client)
{
	struct control_reader reader = { .fd = client->fd };
	struct err err = ERR_INIT;
	json_t *message;
	int result;

	while ((result = control_read(&reader, &message, &err)) > 0) {
		err_clear(&err);
		if (control_serve_request(client, message, reader.has_file ? &reader.file :
		    NULL, &err) < 0)
			control_answer_error(client, &err);
		json_decref(message);
	}
	if (result < 0)
		control_answer_error(client, &err);
	control_reader_close(&reader);
}

static void
control_forget(struct control *control, int fd, bool scim)
{
	size_t i;

	(void)pthread_mutex_lock(&control->lock);
	for (i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i] == fd)
			control->clients[i] = -1;
	(void)close(fd);
	control->count--;
	control->scim_count -= scim;
	(void)pthread_cond_signal(&control->idle);
	(void)pthread_mutex_unlock(&control->lock);
}

static void *
control_run_client(void *context)
{
	struct control_client *client = context;
	struct control *control = client->control;
	const bool scim = client->scim;
	int fd = client->fd;

	control_serve(client);
	mem_free(&client);
	control_forget(control, fd, scim);
	return (NULL);
}

/* ---- accepting ------------------------------------------------------------------------------------ */

static int
control_remember(struct control *control, int fd, bool scim)
{
	size_t i;
	int result;

	result = -1;
	(void)pthread_mutex_lock(&control->lock);
	for (i = 0; i < CONTROL_CLIENTS && result < 0 && !control->stop &&
	    !(scim && control->scim_count == CONTROL_SCIM); i++) {
		if (control->clients[i] < 0) {
			control->clients[i] = fd;
			control->count++;
			control->scim_count += scim;
			result = 0;
		}
	}
	(void)pthread_mutex_unlock(&control->lock);
	return (result);
}

static void
control_refuse(struct control_client *client, enum err_code code, const char *text)
{
	struct err err = ERR_INIT;

	(void)err_set(&err, code, "%s", text);
	control_answer_error(client, &err);
	(void)close(client->fd);
	mem_free(&client);
}

static void
control_accept(struct control *control, int fd)
{
	struct control_client *client;
	struct ucred peer;
	pthread_t thread;
	socklen_t len = sizeof(peer);
	bool scim;

	client = mem_alloc(sizeof(*client));
	client->control = control;
	client->fd = fd;
	control_set_timeout(fd);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
	    !control_allows(control, &peer, &scim)) {
		control_refuse(client, ERR_DENIED, "only root, the daemon's user and members "
		    "of [server] admin_group may ask this, and rollcall-scimd as [scim] user");
		return;
	}
	client->scim = scim;
	control_name_actor(&peer, client->actor, sizeof(client->actor));
	if (control_remember(control, fd, scim) < 0) {
		control_refuse(client, ERR_BUSY, "too many commands run at a time");
		return;
	}
	if (pthread_create(&thread, NULL, control_run_client, client) != 0) {
		mem_free(&client);
		control_forget(control, fd, scim);
		return;
	}
	(void)pthread_detach(thread);
}

static void *
control_run(void *context)
{
	struct control *control = context;
	int fd;

	for (;;) {
		fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0) {
			control_accept(control, fd);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno != EMFILE && errno != ENFILE)
			return (NULL);	/* it was shut down */
	}
}

/* ---- opening and closing ----------------------------------------------------------------------------- */

static int
control_find_admins(struct control *control, const char *name, struct err *err)
{
	struct group entry, *found;
	char room[8192];

	if (name == NULL)
		return (0);
	if (getgrnam_r(name, &entry, room, sizeof(room), &found) != 0 || found == NULL)
		return (err_set(err, ERR_CONFIG, "[server] admin_group: there is no group %s",
		    name));
	control->admins = found->gr_gid;
	control->has_admins = true;
	return (0);
}

/* A user that is not there asks nothing: SCIM may not be wanted. */
static void
control_find_scim(struct control *control, const char *name)
{
	struct passwd entry, *found;
	char room[4096];

	if (name == NULL || getpwnam_r(name, &entry, room, sizeof(room), &found) != 0 ||
	    found == NULL)
		return;
	control->scim = found->pw_uid;
	control->has_scim = true;
}

/*
 * Whoever may connect is asked who it is; the mode keeps strangers from trying. It cannot keep
 * out all of them where two may who share no group.
 */
static mode_t
control_mode(const struct control *control)
{
	const struct ucred scim = { .uid = control->scim, .gid = (gid_t)-1 };
	const gid_t group = control->has_admins ? control->admins : getegid();

	if (control->has_scim && control->scim != geteuid() && !control_in_group(&scim, group))
		return (0666);
	return (control->has_admins || control->has_scim ? 0660 : 0600);
}

static int
control_listen(struct control *control, struct err *err)
{
	struct sockaddr_un address;
	int probe;

	if (control_address(control->path, &address, err) < 0)
		return (-1);
	probe = control_connect(control->path, NULL);
	if (probe >= 0) {
		(void)close(probe);
		return (err_set(err, ERR_BUSY, "%s is answered already: only one rollcalld may "
		    "run", control->path));
	}
	(void)unlink(control->path);
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (control->fd < 0 ||
	    bind(control->fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(control->fd, CONTROL_CLIENTS) < 0)
		return (err_set_errno(err, ERR_SYSTEM, errno, "the control socket %s (its folder "
		    "must exist and be writable)", control->path));
	if (control->has_admins && chown(control->path, (uid_t)-1, control->admins) < 0)
		log_warning("control.group", "path=%s msg=\"its group cannot be set\"",
		    control->path);
	(void)chmod(control->path, control_mode(control));
	return (0);
}

int
control_open(struct engine *engine, struct control **out, struct err *err)
{
	struct control *control;
	const struct conf *conf;
	size_t i;
	int result;

	control = mem_alloc(sizeof(*control));
	control->engine = engine;
	control->fd = -1;
	for (i = 0; i < CONTROL_CLIENTS; i++)
		control->clients[i] = -1;
	(void)pthread_mutex_init(&control->lock, NULL);
	(void)pthread_cond_init(&control->idle, NULL);
	engine_lock(engine);
	conf = engine_conf(engine);
	control->path = mem_dup(conf_text(&conf->set, CONF_SOCKET));
	result = control_find_admins(control, conf_text(&conf->set, CONF_ADMIN_GROUP), err);
	control_find_scim(control, conf_text(&conf->set, CONF_SCIM_SYSTEM_USER));
	engine_unlock(engine);
	if (result == 0)
		result = control_listen(control, err);
	if (result == 0 && pthread_create(&control->thread, NULL, control_run, control) != 0)
		result = err_set(err, ERR_SYSTEM, "no thread for the control socket");
	if (result < 0) {
		if (control->fd >= 0)
			(void)close(control->fd);
		mem_free(&control->path);
		mem_free(&control);
	}
	*out = control;
	return (result);
}

void
control_close(struct control **out)
{
	struct control *control = *out;
	size_t i;

	if (control == NULL)
		return;
	(void)pthread_mutex_lock(&control->lock);
	control->stop = true;
	(void)shutdown(control->fd, SHUT_RDWR);
	for (i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i] >= 0)
			(void)shutdown(control->clients[i], SHUT_RDWR);
	while (control->count > 0)
		(void)pthread_cond_wait(&control->idle, &control->lock);
	(void)pthread_mutex_unlock(&control->lock);
	(void)pthread_join(control->thread, NULL);
	(void)close(control->fd);
	(void)unlink(control->path);
	(void)pthread_cond_destroy(&control->idle);
	(void)pthread_mutex_destroy(&control->lock);
	mem_free(&control->path);
	mem_free(out);
}
