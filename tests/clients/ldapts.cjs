// ldapts, a client in TypeScript (npm): one check of tests/scenario/ldap_clients.py, by name.
// usage: node ldapts.cjs CHECK FACTS; FACTS is JSON: url, ldaps, ca, suffix, dn, password, person…
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const ldapts = require("ldapts");

const facts = JSON.parse(process.argv[3]);
const everybody = "(objectClass=inetOrgPerson)";

async function connected(work, options = { url: facts.url }, bind = true) {
	const client = new ldapts.Client({ timeout: 20000, connectTimeout: 20000, ...options });
	try {
		if (bind)
			await client.bind(facts.dn, facts.password);
		return await work(client);
	} finally {
		await client.unbind();
	}
}

async function refused(kind, promise) {
	await assert.rejects(promise, (error) => error instanceof kind);
}

const tls = () => ({ ca: [fs.readFileSync(facts.ca)], servername: "localhost" });

const checks = {
	search: () => connected(async (client) => {
		const { searchEntries } = await client.search(facts.suffix, {
			scope: "sub",
			filter: new ldapts.EqualityFilter({ attribute: "uid", value: facts.uid }),
			attributes: ["cn", "MAIL", "memberof", "entryuuid"],
		});
		assert.equal(searchEntries.length, 1);
		const [entry] = searchEntries;
		assert.equal(entry.dn, facts.person);
		assert.equal(entry.cn, facts.cn);
		assert.equal(entry.mail, facts.mail);
		assert.equal(entry.entryUUID, facts.uuid);
		assert.deepEqual([entry.memberOf].flat().sort(), facts.groups);
	}),
	filters: () => connected(async (client) => {
		for (const [filter, count] of facts.filters) {
			const { searchEntries } = await client.search(facts.suffix, { filter });
			assert.equal(searchEntries.length, count, filter);
		}
	}),
	// The paged control must come back with each page, the last one too.
	paging: () => connected(async (client) => {
		const whole = await client.search(facts.suffix, { filter: everybody });
		assert.equal(whole.searchEntries.length, facts.people);
		const paged = await client.search(facts.suffix,
			{ filter: everybody, paged: { pageSize: 7 } });
		assert.deepEqual(paged.searchEntries, whole.searchEntries);
		let pages = 0;
		for await (const page of client.searchPaginated(facts.suffix,
			{ filter: everybody, paged: { pageSize: 10 } })) {
			assert.ok(page.searchEntries.length <= 10);
			pages += 1;
		}
		assert.equal(pages, Math.ceil(facts.people / 10));
	}),
	// ldapts takes a limit that was met for an answer.
	limit: () => connected(async (client) => {
		const { searchEntries } = await client.search(facts.suffix,
			{ filter: everybody, sizeLimit: 3 });
		assert.equal(searchEntries.length, 3);
	}),
	compare: () => connected(async (client) => {
		assert.equal(await client.compare(facts.person, "mail", facts.mail.toUpperCase()), true);
		assert.equal(await client.compare(facts.person, "mail", "x@y.example"), false);
		assert.equal(await client.compare(facts.groups[0], "member", facts.person), true);
		await refused(ldapts.NoSuchAttributeError,
			client.compare(facts.person, "pager", "1"));
	}),
	whoami: () => connected(async (client) => {
		const { value } = await client.exop("1.3.6.1.4.1.4203.1.11.3");
		assert.equal(value, `dn:${facts.dn}`);
	}),
	errors: () => connected(async (client) => {
		await refused(ldapts.NoSuchObjectError,
			client.search(`uid=nobody,ou=people,${facts.suffix}`));
		await refused(ldapts.InvalidDNSyntaxError, client.search("nonsense"));
		await refused(ldapts.UnwillingToPerformError, client.modify(facts.person,
			new ldapts.Change({ operation: "replace", modification:
				new ldapts.Attribute({ type: "title", values: ["x"] }) })));
		await refused(ldapts.UnwillingToPerformError, client.del(facts.person));
		await refused(ldapts.UnwillingToPerformError, client.add(
			`uid=x,ou=people,${facts.suffix}`, { objectClass: ["inetOrgPerson"], cn: "x", sn: "x" }));
		await refused(ldapts.InvalidCredentialsError, client.bind(facts.person, "x"));
		await refused(ldapts.InvalidCredentialsError, client.bind(facts.dn, "wrong"));
	}),
	rootDSE: () => connected(async (client) => {
		const { searchEntries } = await client.search("", { scope: "base", attributes: ["+"] });
		assert.deepEqual([searchEntries[0].namingContexts].flat(), [facts.suffix]);
		assert.ok(searchEntries[0].supportedControl.includes("1.2.840.113556.1.4.319"));
	}, undefined, false),
	startTLS: () => connected(async (client) => {
		await client.startTLS(tls());
		await client.bind(facts.dn, facts.password);
		const { searchEntries } = await client.search(facts.person, { scope: "base" });
		assert.equal(searchEntries.length, 1);
	}, undefined, false),
	LDAPS: () => connected(async (client) => {
		const { searchEntries } = await client.search(facts.person, { scope: "base" });
		assert.equal(searchEntries.length, 1);
	}, { url: facts.ldaps, tlsOptions: tls() }),
	// What a web application does: find the name, try the password, read the groups.
	login: () => connected(async (client) => {
		const { searchEntries } = await client.search(`ou=people,${facts.suffix}`,
			{ filter: `(|(uid=${facts.uid})(mail=${facts.uid}))`, attributes: ["1.1"] });
		assert.deepEqual(searchEntries.map((entry) => entry.dn), [facts.person]);
		const groups = await client.search(`ou=groups,${facts.suffix}`, {
			filter: new ldapts.EqualityFilter({ attribute: "member", value: facts.person }),
			attributes: ["cn"],
		});
		assert.deepEqual(groups.searchEntries.map((entry) => entry.dn).sort(), facts.groups);
	}),
};

if (!(process.argv[2] in checks)) {
	console.error(`no check ${process.argv[2]}`);
	process.exit(2);
}
checks[process.argv[2]]().catch((error) => {
	console.error(error.stack);
	process.exit(1);
});
