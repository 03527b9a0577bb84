// SCIM as a Node application speaks it: messages made and read by scimmy (npm), sent by fetch.
// One check of tests/scenario/scim_clients.py, by name.
// usage: node scim.cjs CHECK FACTS; FACTS is JSON: base, token, people, id
"use strict";
const assert = require("node:assert/strict");
const SCIMMY = require("scimmy").default;

const { BulkRequest, BulkResponse, ErrorResponse, ListResponse, PatchOp, SearchRequest } = SCIMMY.Messages;
const { Filter } = SCIMMY.Types;
const facts = JSON.parse(process.argv[3]);

async function send(method, path, body, headers = {}) {
	const response = await fetch(facts.base + path, {
		method,
		headers: { Authorization: `Bearer ${facts.token}`, Accept: "application/scim+json",
			...(body === undefined ? {} : { "Content-Type": "application/scim+json" }),
			...headers },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers,
		body: text === "" ? undefined : JSON.parse(text) };
}

async function get(path, parameters = {}) {
	const query = new URLSearchParams(parameters).toString();
	const answer = await send("GET", query === "" ? path : `${path}?${query}`);
	assert.equal(answer.status, 200, JSON.stringify(answer.body));
	return answer.body;
}

// Everything of a kind, page by page; scimmy refuses a list whose parts do not agree.
async function all(path, parameters = {}) {
	const found = [];
	for (;;) {
		const page = new ListResponse(await get(path,
			{ startIndex: found.length + 1, count: 25, ...parameters }));
		assert.equal(page.startIndex, found.length + 1);
		found.push(...page.Resources);
		if (page.Resources.length === 0 || found.length >= page.totalResults) {
			assert.equal(found.length, page.totalResults);
			return found;
		}
	}
}

// scimmy throws what it was told as an error of its own.
function told(answer, status, scimType) {
	assert.equal(answer.status, status);
	assert.throws(() => new ErrorResponse(answer.body), (error) =>
		error instanceof SCIMMY.Types.Error && Number(error.status) === status &&
		error.scimType === scimType && error.message.length > 0);
}

const ids = (resources) => resources.map((resource) => resource.id).sort();
const enterprise = SCIMMY.Schemas.EnterpriseUser.definition.id;

const checks = {
	// Every resource is one by the library's own schemas; our extension is unknown to it.
	resources: async () => {
		SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser.definition);
		const users = await all("/Users");
		assert.equal(users.length, facts.people);
		for (const user of users) {
			const read = new SCIMMY.Schemas.User(user, "out");
			assert.equal(read.id, user.id);
			assert.equal(read.userName, user.userName);
			assert.equal(read.name?.familyName, user.name?.familyName);
			assert.equal(read[enterprise]?.department, user[enterprise]?.department);
		}
		for (const group of await all("/Groups")) {
			const read = new SCIMMY.Schemas.Group(group, "out");
			assert.equal(read.displayName, group.displayName);
			assert.equal(read.members?.length ?? 0, group.members?.length ?? 0);
		}
	},
	// The library reads discovery as it writes its own.
	discovery: async () => {
		const types = new ListResponse(await get("/ResourceTypes")).Resources;
		assert.deepEqual(types.map((type) => type.name).sort(), ["Group", "Tombstone", "User"]);
		for (const type of types)
			new SCIMMY.Schemas.ResourceType(type, "out");
		new SCIMMY.Schemas.ServiceProviderConfig(await get("/ServiceProviderConfig"), "out");
		const schemas = new ListResponse(await get("/Schemas")).Resources;
		assert.ok(schemas.some((schema) => schema.id === SCIMMY.Schemas.User.definition.id));
	},
	// Filters as the library writes them from its own expressions, and whom they mean.
	filters: async () => {
		const users = await all("/Users");
		const one = users.find((user) => user.id === facts.id);
		const family = one.name.familyName;
		const mail = one.emails[0].value;
		const since = one.meta.lastModified;
		const table = [
			[{ userName: ["eq", one.userName] }, (user) => user.userName === one.userName],
			[{ id: ["eq", one.id] }, (user) => user.id === one.id],
			[{ name: { familyName: ["eq", family] } }, (user) => user.name?.familyName === family],
			[{ name: { familyName: ["sw", family.slice(0, 1)] } },
				(user) => user.name?.familyName?.startsWith(family.slice(0, 1))],
			[{ emails: { value: ["eq", mail], type: ["eq", "work"] } },
				(user) => user.emails?.some((email) => email.value === mail)],
			[{ title: ["pr"], active: ["eq", true] }, (user) => user.title && user.active],
			[[{ userName: ["eq", one.userName] }, { title: ["eq", one.title] }],
				(user) => user.userName === one.userName || user.title === one.title],
			[{ meta: { lastModified: ["ge", since] } },
				(user) => user.meta.lastModified >= since],
		];
		for (const [expression, wanted] of table) {
			const filter = new Filter(expression).expression;
			assert.deepEqual(ids(await all("/Users", { filter })), ids(users.filter(wanted)),
				filter);
		}
	},
	// The parameters of a search as the library holds them.
	search: async () => {
		const { schemas, ...parameters } = new SearchRequest().prepare({
			filter: "active eq true", attributes: ["userName"], sortBy: "userName",
			sortOrder: "descending", startIndex: 11, count: 5 });
		const list = new ListResponse(await get("/Users", parameters));
		assert.equal(list.Resources.length, 5);
		assert.equal(list.startIndex, 11);
		const names = list.Resources.map((user) => user.userName.toLowerCase());
		assert.deepEqual(names, [...names].sort().reverse());
		assert.deepEqual(Object.keys(list.Resources[0]).filter((name) =>
			!["id", "schemas", "userName"].includes(name)), []);
	},
	// The same, posted: of people, of groups, of both.
	posted: async () => {
		for (const path of ["/Users", "/Groups", ""]) {
			const request = new SearchRequest().prepare({ filter: "displayName pr",
				attributes: ["displayName"], sortBy: "displayName", startIndex: 2, count: 7 });
			const answer = await send("POST", `${path}/.search`, request);
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
			const { schemas, ...parameters } = request;
			assert.deepEqual(answer.body, await get(path, parameters), path);
			assert.equal(new ListResponse(answer.body).startIndex, 2);
		}
		told(await send("POST", "/Users/.search", new SearchRequest().prepare({
			filter: "nothing pr" })), 400, "invalidFilter");
		told(await send("POST", "/Users/.search", { filter: "id pr" }), 400, "invalidSyntax");
		told(await send("POST", "/.search", "not a message"), 400, "invalidSyntax");
	},
	// Pages by cursor, which the library does not know: asked for in the URL and in a body.
	cursors: async () => {
		const users = await all("/Users");
		const found = { get: [], post: [] };
		for (const way of ["get", "post"]) {
			for (let cursor = ""; cursor !== undefined;) {
				const parameters = { cursor, count: 13, filter: "userName pr" };
				const answer = way === "get" ? await get("/Users", parameters) :
					(await send("POST", "/Users/.search", {
						schemas: [SearchRequest.id], ...parameters })).body;
				assert.equal(answer.totalResults, users.length);
				found[way].push(...answer.Resources);
				cursor = answer.nextCursor;
			}
			assert.deepEqual(found[way], users);
		}
		told(await send("GET", "/Users?cursor=nonsense"), 400, "invalidCursor");
		told(await send("GET", "/Users?cursor&count=-1"), 400, "invalidCount");
	},
	versions: async () => {
		const first = await send("GET", `/Users/${facts.id}`);
		assert.equal(first.headers.get("etag"), first.body.meta.version);
		const again = await send("GET", `/Users/${facts.id}`, undefined,
			{ "If-None-Match": first.body.meta.version });
		assert.equal(again.status, 304);
		assert.equal(again.body, undefined);
	},
	errors: async () => {
		told(await send("GET", "/Users/nobody"), 404);
		told(await send("GET", "/Users?filter=userName%20eq"), 400, "invalidFilter");
		told(await send("GET", "/Schemas?filter=id%20pr"), 403);
		told(await send("PUT", "/Schemas", {}), 405);
		assert.equal((await send("GET", "/Users", undefined,
			{ Authorization: "Bearer wrong" })).status, 401);
	},
	// With the right local: the library's own resources and messages, made, changed, taken away.
	writing: async () => {
		SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser.definition);
		const user = (name) => JSON.parse(JSON.stringify(new SCIMMY.Schemas.User({
			userName: `${name}@node.example`, displayName: `${name} Node`, active: true,
			name: { givenName: name, familyName: "Node" }, externalId: `node-${name}`,
			emails: [{ value: `${name}@node.example`, type: "work", primary: true }] })));
		const made = await send("POST", "/Users", user("ann"));
		assert.equal(made.status, 201, JSON.stringify(made.body));
		assert.equal(made.headers.get("location"), made.body.meta.location);
		const path = `/Users/${made.body.id}`;
		const read = new SCIMMY.Schemas.User(made.body, "out");
		assert.equal(read.externalId, "node-ann");
		told(await send("POST", "/Users", user("ann")), 409, "uniqueness");

		const patch = (...operations) => new PatchOp({ schemas: [PatchOp.id],
			Operations: operations });
		const changed = await send("PATCH", path, patch(
			{ op: "replace", path: "title", value: "Clerk" },
			{ op: "add", path: "emails", value: [{ value: "ann@home.example", type: "home" }] },
			{ op: "replace", path: "name.familyName", value: "Library" }));
		assert.equal(changed.status, 200, JSON.stringify(changed.body));
		assert.deepEqual([changed.body.title, changed.body.name.familyName,
			changed.body.emails.length], ["Clerk", "Library", 2]);
		// What the library itself would make of the same operations.
		const operations = [{ op: "remove", path: "emails[type eq \"home\"]" },
			{ op: "replace", path: "name.givenName", value: "Anna" }];
		const wanted = await patch(...operations)
			.apply(new SCIMMY.Schemas.User(changed.body, "out"));
		const got = await send("PATCH", path, patch(...operations));
		assert.deepEqual([got.body.name.givenName, got.body.emails.map((mail) => mail.value)],
			[wanted.name.givenName, wanted.emails.map((mail) => mail.value)]);
		const off = await send("PATCH", path, patch(
			{ op: "replace", path: "active", value: false }));
		assert.deepEqual([off.status, off.body.active], [200, false]);

		const put = await send("PUT", path, { ...off.body, active: true, title: undefined });
		assert.deepEqual([put.status, put.body.active, put.body.title], [200, true, undefined]);
		told(await send("PUT", path, off.body, { "If-Match": off.body.meta.version }), 412);
		told(await send("PATCH", path, patch({ op: "remove", path: "userName" })), 400,
			"mutability");

		const bulk = await send("POST", "/Bulk", new BulkRequest({ schemas: [BulkRequest.id],
			Operations: [
				{ method: "POST", path: "/Groups", bulkId: "team", data: {
					schemas: [SCIMMY.Schemas.Group.definition.id], displayName: "Node team",
					members: [{ value: "bulkId:bob" }, { value: made.body.id }] } },
				{ method: "POST", path: "/Users", bulkId: "bob", data: user("bob") },
				{ method: "DELETE", path: "/Users/nobody" }] }));
		const results = new BulkResponse(bulk.body).Operations;
		assert.deepEqual(results.map((result) => result.status), ["201", "201", "404"],
			JSON.stringify(bulk.body));
		const team = await get(new URL(results[0].location).pathname.replace(/^.*\/v2/, ""));
		assert.deepEqual(new SCIMMY.Schemas.Group(team, "out").members.map((one) => one.value)
			.sort(), [made.body.id, results[1].location.split("/").pop()].sort());
		for (const location of [team.meta.location, results[1].location, made.body.meta.location])
			assert.equal((await send("DELETE", location.slice(facts.base.length))).status, 204);
		told(await send("GET", path), 404);
	},
	// A client that may only read is told so, whatever it sends.
	refusals: async () => {
		const patch = new PatchOp();
		patch.Operations.push({ op: "replace", path: "title", value: "x" });
		told(await send("PATCH", `/Users/${facts.id}`, patch), 403);
		told(await send("DELETE", `/Users/${facts.id}`), 403);
		const bulk = new BulkRequest({ schemas: [BulkRequest.id], Operations: [
			{ method: "PATCH", path: `/Users/${facts.id}`, data: patch }] });
		const answer = await send("POST", "/Bulk", bulk);
		assert.equal(answer.status, 200);
		assert.equal(new BulkResponse(answer.body).Operations[0].status, "403");
		assert.equal((await get(`/Users/${facts.id}`)).title ?? "", facts.title);
	},
};

if (!(process.argv[2] in checks)) {
	console.error(`no check ${process.argv[2]}`);
	process.exit(2);
}
checks[process.argv[2]]().catch((error) => {
	console.error(error.stack);
	process.exit(1);
});
