-- Made by `sync_upgrade.py --dump`; see there.
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE accepted_conf (
	id		INTEGER PRIMARY KEY CHECK (id = 1),
	accepted	INTEGER NOT NULL,
	digest		BLOB NOT NULL,
	text		TEXT NOT NULL
) STRICT;
INSERT INTO "accepted_conf" VALUES(1,1795176000124056,X'7DAD8D6AF173E9FE19E75E4DF95E2FBE364EDFEC664BC4590B18E736AAB8B174','rollcall-configuration 1	/tmp/rollcall-test-_s5y3ehe/house/conf
rollcall.conf	server	0	config_version	1
rollcall.conf	server	2	database	/tmp/rollcall-test-_s5y3ehe/house/db/rollcall.db
rollcall.conf	server	3	socket	/tmp/rollcall-test-_s5y3ehe/house/sock
rollcall.conf	server	4	timezone	Europe/Paris
rollcall.conf	server	0	log_level	info
rollcall.conf	sync	0	interval	1h
rollcall.conf	sync	0	full_interval	1d
rollcall.conf	sync	0	tick	15m
rollcall.conf	sync	0	timeout	2m
rollcall.conf	sync	0	retry_for	10m
rollcall.conf	directory	7	suffix	dc=example,dc=com
rollcall.conf	directory	0	uid	email-localpart
rollcall.conf	directory	0	group_types	DEPARTMENT
rollcall.conf	directory	0	group_types	TEAM
rollcall.conf	privacy	0	retain_departed	30d
rollcall.conf	privacy	0	retain_excluded	7d
rollcall.conf	privacy	0	gone_grace	14d
rollcall.conf	privacy	0	tombstone_keep	400d
rollcall.conf	scim	0	listen	127.0.0.1:8443
rollcall.conf	scim	0	plain_http_on_public_addresses	no
rollcall.conf	scim	0	user_name	work-email
rollcall.conf	scim	0	page_size	100
rollcall.conf	scim	0	page_size_max	1000
rollcall.conf	view/ldap	0		
rollcall.conf	view/ldap	0	statuses	active
rollcall.conf	view/ldap	0	statuses	offboarding
rollcall.conf	view/ldap/include	0	missing	exclude
rollcall.conf	view/scim	0		
rollcall.conf	view/scim	0	statuses	onboarding
rollcall.conf	view/scim	0	statuses	active
rollcall.conf	view/scim	0	statuses	offboarding
rollcall.conf	view/scim	0	statuses	departed
rollcall.conf	view/scim/include	0	missing	exclude
sources.d/de.conf	source	2	provider	kombo
sources.d/de.conf	source	3	integration	personio:second
sources.d/de.conf	source	4	api_key	file:/tmp/rollcall-test-_s5y3ehe/house/de.key
sources.d/de.conf	source	5	api	http://127.0.0.1:41675/v1
sources.d/de.conf	source	0	priority	100
sources.d/de.conf	fields	7	default	continuous
sources.d/de.conf	include	0	missing	exclude
sources.d/de.conf	lifecycle	0	release	immediate
sources.d/de.conf	lifecycle	0	release_days_before	0
sources.d/de.conf	lifecycle	0	active_before_start	no
sources.d/de.conf	lifecycle	0	end_date_is	last-day
sources.d/de.conf	lifecycle	0	inactive_before_end	departed
sources.d/de.conf	lifecycle	0	leave	active
sources.d/de.conf	lifecycle	0	import_once_empty	used-up
sources.d/fr.conf	source	2	provider	kombo
sources.d/fr.conf	source	3	integration	lucca:first
sources.d/fr.conf	source	4	api_key	file:/tmp/rollcall-test-_s5y3ehe/house/fr.key
sources.d/fr.conf	source	5	api	http://127.0.0.1:41675/v1
sources.d/fr.conf	source	0	priority	100
sources.d/fr.conf	fields	7	default	continuous
sources.d/fr.conf	fields	8	job_title	import-once
sources.d/fr.conf	include	0	missing	exclude
sources.d/fr.conf	lifecycle	0	release	immediate
sources.d/fr.conf	lifecycle	0	release_days_before	0
sources.d/fr.conf	lifecycle	0	active_before_start	no
sources.d/fr.conf	lifecycle	0	end_date_is	last-day
sources.d/fr.conf	lifecycle	0	inactive_before_end	departed
sources.d/fr.conf	lifecycle	0	leave	active
sources.d/fr.conf	lifecycle	0	import_once_empty	used-up
');
CREATE TABLE client (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL,
	protocol	TEXT NOT NULL,
	view		TEXT NOT NULL,
	rights		TEXT NOT NULL,
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	expires		INTEGER,
	uuid		BLOB NOT NULL,
	secret		TEXT NOT NULL,
	old_secret	TEXT,
	old_expires	INTEGER
) STRICT;
INSERT INTO "client" VALUES(1,'reader','ldap','ldap','read',1795176000503093,1795176000503093,NULL,X'72321B9D464F493A81B9F5A007E80A4D','{SSHA}20hkvFnOsDhTpspMP8onc+tEeISMkLvE+2rlmQ==',NULL,NULL);
CREATE TABLE decision (
	person		INTEGER NOT NULL,
	kind		TEXT NOT NULL,
	reason		TEXT,
	actor		TEXT NOT NULL,
	made_at		INTEGER NOT NULL,
	PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO "decision" VALUES(25,'hide','left the building','root',1795176000479112);
CREATE TABLE employee (
	id		INTEGER PRIMARY KEY,
	hash		INTEGER NOT NULL,
	gone		INTEGER NOT NULL DEFAULT 0,
	employments	TEXT
, employee_number TEXT, first_name TEXT, last_name TEXT, display_name TEXT, work_email TEXT, personal_email TEXT, mobile_phone TEXT, job_title TEXT, employment_status TEXT, employment_type TEXT, start_date TEXT, termination_date TEXT, legal_entity TEXT, work_location TEXT, home_address TEXT, manager TEXT, department TEXT, team TEXT, cost_center TEXT, groups TEXT) STRICT;
INSERT INTO "employee" VALUES(1,-8758250327066715139,0,'Sns9jPp0N2BEAHYAJNWo6IpL2015-09-02L6taVZQsvOc9zCxDVnv78PiB2016-09-26nmGacIsyDbPdLdHUNTEjV2mi2017-10-21','00042','Chiara','D’Angelo','Chiara D’Angelo','chiara.dangelo@it.lucca-demo.example',NULL,NULL,'Amministratrice delegata','ACTIVE',NULL,'2015-09-02',NULL,'5JytCbIcA2jLuRNe2VQS4dZK','JGYvurGcUfl33geNmNof1SWX',NULL,NULL,NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(2,2865165535753667099,0,'EmcSpg6B6DQEBfudicimE2BD2013-10-21','00043','Conceição','Magalhães',NULL,'conceicao.magalhaes@pt.lucca-demo.example',NULL,NULL,'Diretora comercial','ACTIVE',NULL,'2013-10-21',NULL,'lmjiEdnDwc11JYCMFPWaf6KH','EoJEA9GnpqqoK3cnI5rWkMx5',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(3,-6066256986150200597,0,'tmOpb9d8lzt1hVBXA3uA9Isq2018-09-02','00044','Siân','O’Sullivan',NULL,'sian.osullivan@gb.lucca-demo.example',NULL,NULL,'Head of operations','ACTIVE',NULL,'2018-09-02',NULL,'WDz7UUFelZgqM5Uy3COnNa1P','vW7YRIb8YM6lfEVXJITtAL9o',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(4,6594430300599591148,0,'5iuU7simsNsVBWUG1AO7CshZ2020-04-02','00045','Zoë','Lefèvre',NULL,'zoe.lefevre@fr.lucca-demo.example',NULL,NULL,'Directrice des opérations','INACTIVE',NULL,'2020-04-02','2026-11-10','NV1Eulbgwd7wFKVPamXI0v8S','fqbRoIWqXOy3RftG5BrS7iqu',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(5,5110937226444687387,0,'I9B0aaf4AD8YP3ck3kcbQcTO2014-02-07jcCVE7a1YmGxY6AipbRlpMJw2015-03-04','00046','Anke','Van den Broeck',NULL,'anke.vandenbroeck@be.lucca-demo.example',NULL,NULL,'Directeur Operaties','ACTIVE',NULL,'2014-02-07',NULL,'HS6b7oVgo0KJOhcdayKEHrTt','23j720uLWUuiibQvab6DpIid',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(6,-5756316890889325689,0,'CjwQG0wDhwIVYR1xSaiuZnhT2018-12-04','00047','Jürgen-Marie','Müller',NULL,'juergen-marie.mueller@de.lucca-demo.example',NULL,NULL,'Bereichsleiter','ACTIVE',NULL,'2018-12-04','2026-12-24','Nz6nRvQ3aTU7y3HeXRhMC4pG','PGWfhZIEhwTsmcYsGoqc0F2U',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(7,3922146110501204515,0,'w2qny6KLtsZkFnunjM3075Zk2024-12-02','00048','Begoña','Núñez de Balboa',NULL,'begona.nunez@es.lucca-demo.example',NULL,NULL,'Directora financiera','ACTIVE',NULL,'2024-12-02',NULL,'hqajdMA4Q8aIgmn7mXq4ENAr','Rk94YcXuQbsI5tTHhRnsN3iK',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(8,5045534985287940257,1,'V6uCybsZpln0J2RqNaLN9wMt2023-02-13','00049','Pilar','Blanco',NULL,'pilar.blanco@es.lucca-demo.example',NULL,NULL,'Directora financiera','ACTIVE',NULL,'2023-02-13',NULL,'hqajdMA4Q8aIgmn7mXq4ENAr','Scw0PQ3qcrN0jHpGENUr1Y9F',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(9,2537298136784105560,0,'pVcuvRnJlBwSILNKS0a6PJtW2023-10-07','00050','Aurora','Barbieri',NULL,NULL,NULL,NULL,'Responsabile qualità','ACTIVE',NULL,'2023-10-07',NULL,'5JytCbIcA2jLuRNe2VQS4dZK','JGYvurGcUfl33geNmNof1SWX',NULL,'Xb2z07Clk6qoKT5zpHrwMMtP',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(10,7525012929499463278,0,'cF40hD284wAXoeUkRFqhtiOt2021-02-03','00051','Constança','Sá',NULL,'constanca.sa@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa','ACTIVE',NULL,'2021-02-03',NULL,'lmjiEdnDwc11JYCMFPWaf6KH','KftS4YHTKv0SDYWS4YhE36Ra',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(11,7967274277437480840,0,'jwm4yAVCKfj6vmbeQagXvwKH2014-03-17','00052','Isla','Taylor',NULL,'isla.taylor@gb.lucca-demo.example',NULL,NULL,'Team lead','ACTIVE',NULL,'2014-03-17',NULL,'WDz7UUFelZgqM5Uy3COnNa1P','vW7YRIb8YM6lfEVXJITtAL9o',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(12,3913042578313942051,0,'2YBh2zWX9Whb2EHeQnGJBPbt2022-07-14','00053','Françoise','Saint-Exupéry',NULL,'francoise.saint-exupery@fr.lucca-demo.example',NULL,NULL,'Juriste','ACTIVE',NULL,'2022-07-14',NULL,'NV1Eulbgwd7wFKVPamXI0v8S','PgjBwbZW0vWSbhDCjia9t7hi',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(13,-4999807385171174321,0,'e6rQHE0esjT7RgZWgfADRPOy2024-03-11','00054','An-Sofie','Hermans',NULL,'an-sofie.hermans@be.lucca-demo.example',NULL,NULL,'HR-verantwoordelijke','ACTIVE',NULL,'2024-03-11',NULL,'HS6b7oVgo0KJOhcdayKEHrTt','zdElKsIXyubiCycZcwHQceG9',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(14,519811789191456352,0,'exZLzQWtwT7n7487g6xbwptX2024-12-12OfXe1Mn3Dj0EHEwEpJVyLhrg2026-01-06','00055','Katharina','Freiherr zu Guttenfels',NULL,'katharina.zuguttenfels@de.lucca-demo.example',NULL,NULL,'Teamleiterin','ACTIVE',NULL,'2024-12-12',NULL,'Nz6nRvQ3aTU7y3HeXRhMC4pG','1qmnTNDo13nQSwx4EwISkAhE',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(15,-5075709774028989834,0,'TA43sCbFnvSTBgJUrQBoMI0g2019-04-09FMPH9r0QIj8i6qeZ8Sy2SP2W2020-05-037hPMfDax3qAfZnArJ3X0uKsL2021-05-28','00056','Maarten','Wouters',NULL,'maarten.wouters@be.lucca-demo.example',NULL,NULL,'HR-verantwoordelijke','ACTIVE',NULL,'2019-04-09',NULL,'HS6b7oVgo0KJOhcdayKEHrTt','tduMqFvsuVFRS8UDSQ3UiDaT',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(16,5930940456630551574,0,'qFwTGcADophLPfzY0zmRvLIf2025-04-23386OWTQR7BJB51vuWyFgziUI2026-05-18','00057','Torsten','Krüger',NULL,'torsten.krueger@de.lucca-demo.example',NULL,NULL,'Teamleiterin','ACTIVE',NULL,'2025-04-23',NULL,'Nz6nRvQ3aTU7y3HeXRhMC4pG','onLoUvpX9VFGJvJXUOFlYBC7',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(17,1935562711272657939,0,'thrTgQ8KkMYCa70p2XzemXIf2021-09-21','00058','Ramón','Domènech',NULL,'ramon.domenech@es.lucca-demo.example',NULL,NULL,'Responsable de equipo','ACTIVE',NULL,'2021-09-21',NULL,'hqajdMA4Q8aIgmn7mXq4ENAr','Scw0PQ3qcrN0jHpGENUr1Y9F',NULL,'1YT6ovmPdGUsefJtjU79cl6W',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9bRmzwKFfeaM3R7UZhHpFjT3Npn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(18,-4689724581326326399,0,'HgbMs1UzBoVShSH2Q0dlb9TG2020-09-02','00059','Dario','Bianchi',NULL,'dario.bianchi@it.lucca-demo.example',NULL,NULL,'Capoturno','ACTIVE',NULL,'2020-09-02',NULL,'5JytCbIcA2jLuRNe2VQS4dZK','eaLfwD8pOh7eyxKRg66Idzs7',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(19,3572692614720263691,0,'Y2E4JV4C4mjSzZB0V7fe3jDI2026-03-11','00060','Nuno','Brandão',NULL,'nuno.brandao@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa','ACTIVE',NULL,'2026-03-11',NULL,'lmjiEdnDwc11JYCMFPWaf6KH','KftS4YHTKv0SDYWS4YhE36Ra',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(20,-3275064031610430297,0,'njeSHUcuochv3mzFhbtBUHT32018-09-24','00061','Ewan','Cholmondeley',NULL,'ewan.cholmondeley@gb.lucca-demo.example',NULL,NULL,'Team lead','ACTIVE',NULL,'2018-09-24',NULL,'WDz7UUFelZgqM5Uy3COnNa1P','J6BFNJvyGI1HMoUOEJCwfHzb',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(21,7603397362896408870,0,'lvZvdTEy3e3tyna4RD92jNCA2022-11-286MXtpF1uCvRuGZcNvtCN7cEz2023-12-23','00062','Étienne','Guérin',NULL,'etienne.guerin@fr.lucca-demo.example',NULL,NULL,'Juriste','ACTIVE',NULL,'2022-11-28',NULL,'NV1Eulbgwd7wFKVPamXI0v8S','4mRGQ6PMhEYYO2Y8SHEG5U6s',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(22,4896191237783952711,0,'WSCYqfjMHd11tX6RMnGqhctO2022-09-25','00063','Maria Grazia','Marchetti',NULL,'mariagrazia.marchetti@it.lucca-demo.example',NULL,NULL,'Capoturno','ACTIVE',NULL,'2022-09-25',NULL,'5JytCbIcA2jLuRNe2VQS4dZK','hDIort9NRUZhs2ARfGge5JHU',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(23,6304113886279789607,0,'mdD2IT7YgvftncRfpCqv5txU2020-06-19jxo3s1pvuPYl4uVFWPQVtzZe2021-07-14','00064','Matilde','Guimarães',NULL,'matilde.guimaraes@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa','ACTIVE',NULL,'2020-06-19',NULL,'lmjiEdnDwc11JYCMFPWaf6KH','EoJEA9GnpqqoK3cnI5rWkMx5',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(24,8366685574620885993,0,'qa9daUfpGNGjOIcP6C6fzF5K2015-03-14','00065','Olwen','Okafor','Olwen Okafor','olwen.okafor@gb.lucca-demo.example',NULL,NULL,'Team lead','ACTIVE',NULL,'2015-03-14',NULL,'WDz7UUFelZgqM5Uy3COnNa1P','vW7YRIb8YM6lfEVXJITtAL9o',NULL,'MuQtpeAjRCcjVjaNYHxd9aY4',NULL,NULL,NULL,'eYOWGIS8ZAZSSrRzjMzedqz9Wdg5YbqcYI80HfsPubfVLglzpn3ORNp3YXsq4gLVANL3ruYU');
INSERT INTO "employee" VALUES(25,-5874364361740882337,0,'9XVuwzzQBiscVYM0VQTzGmn7FULL_TIME2026-03-02','00042','Amélie','Lefèvre',NULL,'amelie.lefevre@fr.personio-demo.example',NULL,NULL,'Directeur général','ACTIVE','FULL_TIME','2026-03-02',NULL,'1L9xpgqufvNdDqEXKx1rh9ji','eS2sOrM3brbBq4ysJlpqSAC7',NULL,NULL,NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(26,4202659666251560926,0,'RjWdDrhSrRIeCLFeEF2FyBiBFULL_TIME2014-01-31','00043','Liesbeth','Van den Broeck',NULL,'liesbeth.vandenbroeck@be.personio-demo.example',NULL,NULL,'Directeur Operaties','ACTIVE','FULL_TIME','2014-01-31',NULL,'t1nJVJ2ntHMHSnSpmHPqLnVP','V3I8Olo7odlxLcKQ3b1cXwpz',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(27,8425918333875430093,0,'4DmT8ANOATzV0pHGZd0FlXYnFULL_TIME2017-05-20','00044','Käthe','Müller',NULL,'kaethe.mueller@de.personio-demo.example',NULL,NULL,'Bereichsleiter','ACTIVE','FULL_TIME','2017-05-20',NULL,'go8rPzSr5ZjL3jZw1jYfUfsH','WXBBaWY1zK89VpwrfZqGgwEQ',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(28,-8722675566782620944,0,'bciWNVblYSdi8nm7duavqgANFULL_TIME2023-09-23','00045','Lucía','Núñez de Balboa',NULL,'lucia.nunez@es.personio-demo.example',NULL,NULL,'Directora financiera','ACTIVE','FULL_TIME','2023-09-23',NULL,'oYzQUZwifJO6TiTk52tA5JRV','LpnDUE3Jfzqf7qbyNMf38uQa',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(29,9183324321250553915,0,'TH43n4ygIDRJvstpmKTjoloUFULL_TIME2019-05-31','00046','Íñigo','Castaño',NULL,'inigo.castano@es.personio-demo.example',NULL,NULL,'Directora financiera','ACTIVE','FULL_TIME','2019-05-31',NULL,'oYzQUZwifJO6TiTk52tA5JRV','BWSBQTogzwYDP84XU9zj0kQr',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(30,8253419254181405022,0,'mgOtffhITSKz8umKQ0AucByhFULL_TIME2016-09-05','00047','Jérôme','de La Tour',NULL,'jerome.delatour@fr.personio-demo.example',NULL,NULL,'Directrice des opérations','ACTIVE','FULL_TIME','2016-09-05',NULL,'1L9xpgqufvNdDqEXKx1rh9ji','eS2sOrM3brbBq4ysJlpqSAC7',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(31,7782342135788684017,0,'bwJj0yQc0JBalgpcmPcQES6hFULL_TIME2026-06-08','00048','Wouter','Claes',NULL,'wouter.claes@be.personio-demo.example',NULL,NULL,'Directeur Operaties','ACTIVE','FULL_TIME','2026-06-08',NULL,'t1nJVJ2ntHMHSnSpmHPqLnVP','0bOUTBSYfM7KDJqNoBj11iBe',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(32,-8398056004969095429,0,'BPaVrASEvYiGNJpCt96KyjG6FULL_TIME2016-07-08','00049','Jörg','Zimmermann','Jörg Zimmermann','joerg.zimmermann@de.personio-demo.example',NULL,NULL,'Bereichsleiter','ACTIVE','FULL_TIME','2016-07-08',NULL,'go8rPzSr5ZjL3jZw1jYfUfsH','WXBBaWY1zK89VpwrfZqGgwEQ',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(33,6462558728805814958,0,'lLcU0yAB46cgKvuthhLz9oDHFULL_TIME2016-11-18','00050','Raoul','Van den Broeck',NULL,'raoul.vandenbroeck@be.personio-demo.example',NULL,NULL,'Directeur Operaties','ACTIVE','FULL_TIME','2016-11-18',NULL,'t1nJVJ2ntHMHSnSpmHPqLnVP','4zXWjF5jAAfp4xoURPIpeOO2',NULL,'80LySLJHFrTyuc8iYvW1TsUq',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(34,-3494242217959056907,0,'hJdMKe1stmNBuEqASGrZ38mPFULL_TIME2020-06-24','00051','Maximilian','Müller',NULL,'maximilian.mueller@de.personio-demo.example',NULL,NULL,'Teamleiterin','ACTIVE','FULL_TIME','2020-06-24',NULL,'go8rPzSr5ZjL3jZw1jYfUfsH','WXBBaWY1zK89VpwrfZqGgwEQ',NULL,'1JRpNyq4E6epqZ8wY84e5X1v',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(35,-675353466709414868,0,'Aef0We83hqlkZTUCP2gkTxbVFULL_TIME2025-10-25','00052','Martín','Núñez de Balboa',NULL,'martin.nunez@es.personio-demo.example',NULL,NULL,'Responsable de equipo','ACTIVE','FULL_TIME','2025-10-25',NULL,'oYzQUZwifJO6TiTk52tA5JRV','LpnDUE3Jfzqf7qbyNMf38uQa',NULL,'1JRpNyq4E6epqZ8wY84e5X1v',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
INSERT INTO "employee" VALUES(36,3935174933887457180,0,'r1GPMQG3VCzll4YMmWxqvRcDFULL_TIME2022-04-11','00053','Raphaël','Lefèvre',NULL,'raphael.lefevre@fr.personio-demo.example',NULL,NULL,'Juriste','ACTIVE','FULL_TIME','2022-04-11',NULL,'1L9xpgqufvNdDqEXKx1rh9ji','N2AwycIwdkstZnKWi8RYDsfa',NULL,'1JRpNyq4E6epqZ8wY84e5X1v',NULL,NULL,NULL,'PUJz6HWnPr6tdp3qAcrxv4fg1lg2FVCrPK8OVyTkxT15Sr1mQJvskeUzYH7J4WYKI2rauzwX');
CREATE TABLE grp (
	id		INTEGER PRIMARY KEY,
	uuid		BLOB NOT NULL,
	base		TEXT NOT NULL,
	cn		TEXT NOT NULL,
	folded		TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "grp" VALUES(9,X'A7D2D887AA5359BCB9D8796DB770C6F3','Engineering','Engineering','engineering');
INSERT INTO "grp" VALUES(10,X'4326BE38C2625F6A9977A573C6EC3370','Team Albatros','Team Albatros','team albatros');
INSERT INTO "grp" VALUES(11,X'5C92FFA84B0C5B15A3499E86C74513A8','Équipe Bleue','Équipe Bleue','équipe bleue');
INSERT INTO "grp" VALUES(38,X'A06FA258B8445BAE98CDB21655E2F940','Engineering','Engineering (DEPARTMENT)','engineering (department)');
INSERT INTO "grp" VALUES(39,X'BFAD1392EC5F5A15A4700EB68AD9DD2B','Team Albatros','Team Albatros (TEAM)','team albatros (team)');
CREATE TABLE meta (
	name		TEXT PRIMARY KEY,
	value		ANY
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('epoch','71b94103-22e8-4942-91c4-798ebce703e6');
INSERT INTO "meta" VALUES('instant',1795176000491163);
INSERT INTO "meta" VALUES('namespace','61736a3f-8f19-4dbb-85bf-86cf1c80190a');
INSERT INTO "meta" VALUES('revision',5);
INSERT INTO "meta" VALUES('stamp',1795176000491249);
CREATE TABLE person (
	id		INTEGER PRIMARY KEY,
	uuid		BLOB NOT NULL,
	uid		TEXT NOT NULL,
	owner		INTEGER,
	status		INTEGER NOT NULL,
	flags		INTEGER NOT NULL DEFAULT 0,
	mail		TEXT,
	wanted_mail	TEXT,
	due		INTEGER,
	departed_on	INTEGER,
	excluded_on	INTEGER,
	gone_on		INTEGER,
	inactive_on	INTEGER
) STRICT;
INSERT INTO "person" VALUES(1,X'40CD0CD9C23D57A7A9A68D5D5805EBB6','chiara.dangelo',1,1,1,'chiara.dangelo@it.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(2,X'6CB5FB0E13C75C63819271682C93A824','conceicao.magalhaes',2,1,1,'conceicao.magalhaes@pt.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(3,X'7D2DE74FD21E5AFD89596C93624D4406','sian.osullivan',3,1,1,'sian.osullivan@gb.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(4,X'8CA3EF3848B958038C2FB5A9C4038FE5','zoe.lefevre',4,3,5,'zoe.lefevre@fr.lucca-demo.example',NULL,1797721200000000,20777,NULL,NULL,NULL);
INSERT INTO "person" VALUES(5,X'DC7566106DF7557AA85A5695E717286C','anke.vandenbroeck',5,1,1,'anke.vandenbroeck@be.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(6,X'314C1CD4913553F69A96D77EE97ABAB9','juergen-marie.mueller',6,2,1,'juergen-marie.mueller@de.lucca-demo.example',NULL,1798153200000000,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(7,X'019C5E1ED0EF5C7D9D522E4257B61F0A','begona.nunez',7,1,1,'begona.nunez@es.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(8,X'9A314132DDA155698B0F8061A2253D16','pilar.blanco',8,3,5,'pilar.blanco@es.lucca-demo.example',NULL,1798930800000000,20777,NULL,20777,NULL);
INSERT INTO "person" VALUES(9,X'7A5F2B077964596A9E4984C8CCE916A4','aurora.barbieri',9,1,1,'aurora.barbieri@it.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(10,X'9F00EFC2FBF7544189871841BE8EA026','constanca.sa',10,1,1,'constanca.sa@pt.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(11,X'1D9C7A8293E654908CD2BEB5D7937158','isla.taylor',11,1,1,'isla.taylor@gb.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(12,X'A64D81623D2A5F7CA3B75536ABE0B9EA','francoise.saint-exupery',12,1,1,'francoise.saint-exupery@fr.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(13,X'4EFD5AC8289B5D8BAC61E8C05A09F242','an-sofie.hermans',13,1,1,'an-sofie.hermans@be.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(14,X'7DE037F99F2F53469DA1E53D36E04D1C','katharina.zuguttenfels',14,1,1,'katharina.zuguttenfels@de.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(15,X'13161906D0365ED5805A9B30F350DBFD','maarten.wouters',15,1,1,'maarten.wouters@be.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(16,X'D96630FEB0CA54EEBD965100142E415D','torsten.krueger',16,1,1,'torsten.krueger@de.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(17,X'A76A82D696DD51DD94DF333D7B336619','ramon.domenech',17,1,1,'ramon.domenech@es.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(18,X'B489EE02E793544596ECDC18BF64889D','dario.bianchi',18,1,1,'dario.bianchi@it.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(19,X'6A29F569C8105AB08E3095FDAB224740','nuno.brandao',19,1,1,'nuno.brandao@pt.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(20,X'81972D13C44650ADB9FA4C1C2A03E132','ewan.cholmondeley',20,1,1,'ewan.cholmondeley@gb.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(21,X'22DC7E11A977575AB58CBBC69C942AA9','etienne.guerin',21,1,1,'etienne.guerin@fr.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(22,X'CBCFA8B351D75E319073610E252F5F4E','mariagrazia.marchetti',22,1,1,'mariagrazia.marchetti@it.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(23,X'4C923F682E0556AEB9705A1F4DC45F5F','matilde.guimaraes',23,1,1,'matilde.guimaraes@pt.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(24,X'ADB2CDF3321756CC8E4911378035930E','olwen.okafor',24,1,1,'olwen.okafor@gb.lucca-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(25,X'5AF8B0D2536B5705AB060A45EDE05C5C','amelie.lefevre',25,1,1,'amelie.lefevre@fr.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(26,X'4E894025B9AB518A918B004B672D81C0','liesbeth.vandenbroeck',26,1,1,'liesbeth.vandenbroeck@be.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(27,X'4DF667371392519F921C13A1EC8F76C2','kaethe.mueller',27,1,1,'kaethe.mueller@de.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(28,X'FCFFB662003A5F24949FB17C638EADE3','lucia.nunez',28,1,1,'lucia.nunez@es.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(29,X'BE094EA6B1C456B4BC451132F6509272','inigo.castano',29,1,1,'inigo.castano@es.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(30,X'17E1A56BCA8D52F8AEDEAA10BA7B7EAD','jerome.delatour',30,1,1,'jerome.delatour@fr.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(31,X'A4CDBE3097B454D983B79EF08DD9C9EE','wouter.claes',31,1,1,'wouter.claes@be.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(32,X'9CA11CD8EBB959968161A2436A78FF43','joerg.zimmermann',32,1,1,'joerg.zimmermann@de.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(33,X'C2FFB70B7B61561189FF0E0C6DC390E4','raoul.vandenbroeck',33,1,1,'raoul.vandenbroeck@be.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(34,X'B623A11303465F399B4D285C584892E5','maximilian.mueller',34,1,1,'maximilian.mueller@de.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(35,X'37EF384D7ED95AC4806761F5A78C5EDF','martin.nunez',35,1,1,'martin.nunez@es.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "person" VALUES(36,X'D1C1C3B90BE35EDC9FB58CA469AD0F3F','raphael.lefevre',36,1,1,'raphael.lefevre@fr.personio-demo.example',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE record (
	id		INTEGER PRIMARY KEY,
	source		INTEGER NOT NULL,
	kombo		TEXT NOT NULL,
	remote		TEXT,
	person		INTEGER,
	reasons		TEXT
) STRICT;
INSERT INTO "record" VALUES(1,2,'Xb2z07Clk6qoKT5zpHrwMMtP','1000',1,NULL);
INSERT INTO "record" VALUES(2,2,'1YT6ovmPdGUsefJtjU79cl6W','1001',2,NULL);
INSERT INTO "record" VALUES(3,2,'MuQtpeAjRCcjVjaNYHxd9aY4','1002',3,NULL);
INSERT INTO "record" VALUES(4,2,'q8OhfVuQM4weANqhACz7pVHa','1003',4,'departed');
INSERT INTO "record" VALUES(5,2,'ViCxnfeAwmMwxzYFJVTkDhYy','1004',5,NULL);
INSERT INTO "record" VALUES(6,2,'s0TWdI7H7mu8vWlNkHfilB9z','1005',6,NULL);
INSERT INTO "record" VALUES(7,2,'kQyDeJyIPrH7TefYCRyLukiz','1006',7,NULL);
INSERT INTO "record" VALUES(8,2,'W3dUUfTKhOn6bfu5hfbeDU12','1007',8,'gone-upstream');
INSERT INTO "record" VALUES(9,2,'ei0uj1uLgfKoD8qGI7zBLo9Z','1008',9,NULL);
INSERT INTO "record" VALUES(10,2,'jk8OtKDrgX7yH4N27Wu3ZjHg','1009',10,NULL);
INSERT INTO "record" VALUES(11,2,'j17Z2xDJM29RAzhK7SqHo1pS','1010',11,NULL);
INSERT INTO "record" VALUES(12,2,'2SbQjHv3R1AEg2jiGN8xsmzJ','1011',12,NULL);
INSERT INTO "record" VALUES(13,2,'4iNdeE8qboq2XlkEc9VB7VA7','1012',13,NULL);
INSERT INTO "record" VALUES(14,2,'D0aaMSB4LEbWO0YICX2su7ft','1013',14,NULL);
INSERT INTO "record" VALUES(15,2,'A7TP7gNGdZIrL4ieofTY5JRQ','1014',15,NULL);
INSERT INTO "record" VALUES(16,2,'awuQTZLJAYzeh9HN6YX4zOCJ','1015',16,NULL);
INSERT INTO "record" VALUES(17,2,'ko6L8v80eQca0mFksqZxiOiU','1016',17,NULL);
INSERT INTO "record" VALUES(18,2,'FGcSXnk6qMcHXtdq1EsEryln','1017',18,NULL);
INSERT INTO "record" VALUES(19,2,'KiQFi0iUzp7DeDX2Y0kXWbLa','1018',19,NULL);
INSERT INTO "record" VALUES(20,2,'jsJRtl5PcYo6XejYMwBDT68A','1019',20,NULL);
INSERT INTO "record" VALUES(21,2,'oweP49KOH8hTc6fKugBQO1xN','1020',21,NULL);
INSERT INTO "record" VALUES(22,2,'OLegAJccQukbBJn64hxK1LTm','1021',22,NULL);
INSERT INTO "record" VALUES(23,2,'DlGrJfU71Tqn9D9iITojKnJz','1022',23,NULL);
INSERT INTO "record" VALUES(24,2,'z4ZBdDK9JzZ9ukpY6OBdLwwJ','1023',24,NULL);
INSERT INTO "record" VALUES(25,1,'80LySLJHFrTyuc8iYvW1TsUq','1000',25,'hidden');
INSERT INTO "record" VALUES(26,1,'1JRpNyq4E6epqZ8wY84e5X1v','1001',26,NULL);
INSERT INTO "record" VALUES(27,1,'1s2A6IahJEkodjei4fNCMMax','1002',27,NULL);
INSERT INTO "record" VALUES(28,1,'REpmq9JqFWJgwk2mcA171gwJ','1003',28,NULL);
INSERT INTO "record" VALUES(29,1,'rmIp0p0XT1C1lwHPf9v5vXXv','1004',29,NULL);
INSERT INTO "record" VALUES(30,1,'9Kj5Z0UFnqxN4xzlRq8FkIjB','1005',30,NULL);
INSERT INTO "record" VALUES(31,1,'Rhdncs3pQoDhQlQTBE997fQR','1006',31,NULL);
INSERT INTO "record" VALUES(32,1,'WsGzMcNGd6EFCVpB1yZ4ZsOm','1007',32,NULL);
INSERT INTO "record" VALUES(33,1,'BmmEy8V01M3WBG6ETuMjVyQI','1008',33,NULL);
INSERT INTO "record" VALUES(34,1,'mq65yIhdrcQlNzgv2vPeGaa5','1009',34,NULL);
INSERT INTO "record" VALUES(35,1,'0297IJl1r5C8uFXaMVAmMnBx','1010',35,NULL);
INSERT INTO "record" VALUES(36,1,'4whwW0JksS4SGKiAg03dtmgo','1011',36,NULL);
CREATE TABLE run (
	id		INTEGER PRIMARY KEY,
	kind		TEXT NOT NULL,
	source		TEXT,
	complete	INTEGER NOT NULL DEFAULT 0,
	actor		TEXT NOT NULL,
	started		INTEGER NOT NULL,
	ended		INTEGER,
	outcome		TEXT,
	error		TEXT,
	revision	INTEGER,
	counts		TEXT
) STRICT;
INSERT INTO "run" VALUES(1,'pull','fr',1,'root',1795176000148326,1795176000174529,'done',NULL,1,'{"seen":24,"refused":0,"judged":24,"created":24,"entered":24,"left":0,"changed":48,"groups":6,"excluded":0,"requests":5}');
INSERT INTO "run" VALUES(2,'pull','de',1,'root',1795176000276673,1795176000287508,'done',NULL,2,'{"seen":12,"refused":0,"judged":12,"created":12,"entered":12,"left":0,"changed":24,"groups":4,"excluded":0,"requests":5}');
INSERT INTO "run" VALUES(3,'pull','fr',1,'root',1795176000302888,1795176000314920,'done',NULL,3,'{"seen":24,"refused":0,"judged":4,"created":0,"entered":0,"left":0,"changed":6,"groups":4,"excluded":2,"requests":5}');
INSERT INTO "run" VALUES(4,'pull','de',1,'root',1795176000327897,1795176000334599,'unchanged',NULL,NULL,'{"seen":12,"refused":0,"judged":2,"created":0,"entered":0,"left":0,"changed":0,"groups":0,"excluded":2,"requests":5}');
CREATE TABLE run_problem (
	source		INTEGER NOT NULL,
	model		TEXT NOT NULL,
	kombo		TEXT NOT NULL,
	code		TEXT NOT NULL,
	detail		TEXT NOT NULL,
	PRIMARY KEY (source, model, kombo, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE source (
	id		INTEGER PRIMARY KEY,
	name		TEXT NOT NULL UNIQUE,
	integration	TEXT NOT NULL,
	approved	INTEGER NOT NULL DEFAULT 0,
	enabled		INTEGER NOT NULL DEFAULT 1,
	watermark	INTEGER NOT NULL DEFAULT 0,
	full_at		INTEGER NOT NULL DEFAULT 0,
	full_wanted	INTEGER NOT NULL DEFAULT 0,
	tried_at	INTEGER NOT NULL DEFAULT 0,
	succeeded_at	INTEGER NOT NULL DEFAULT 0,
	upstream_at	INTEGER NOT NULL DEFAULT 0,
	error		TEXT NOT NULL DEFAULT '',
	error_text	TEXT NOT NULL DEFAULT '',
	tool		TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO "source" VALUES(1,'de','personio:second',1795176000274299,1,1795176000000000,1795176000334599,0,1795176000334599,1795176000334599,1794660905000000,'','','Personio');
INSERT INTO "source" VALUES(2,'fr','lucca:first',1795176000148023,1,1795176000000000,1795176000314920,0,1795176000314920,1795176000314920,1795176000295000,'','','Lucca');
CREATE TABLE unit (
	id		INTEGER PRIMARY KEY,
	source		INTEGER NOT NULL,
	model		TEXT NOT NULL,
	kombo		TEXT NOT NULL,
	remote		TEXT,
	name		TEXT,
	type		TEXT,
	place		TEXT,
	gone		INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "unit" VALUES(1,2,'E','NV1Eulbgwd7wFKVPamXI0v8S','E1','Lucca France SAS',NULL,'84 rue de l’ÉgliseLyonRhône69002FR84 rue de l’Église
69002 Lyon
France',0);
INSERT INTO "unit" VALUES(2,2,'E','HS6b7oVgo0KJOhcdayKEHrTt','E2','Lucca België / Belgique NV',NULL,'Meir 66AntwerpenVlaanderen2000BEMeir 66
2000 Antwerpen
België / Belgique',0);
INSERT INTO "unit" VALUES(3,2,'E','Nz6nRvQ3aTU7y3HeXRhMC4pG','E3','Lucca Deutschland GmbH',NULL,'Straße des 17. Juni 2KölnNordrhein-Westfalen50667DEStraße des 17. Juni 2
50667 Köln
Deutschland',0);
INSERT INTO "unit" VALUES(4,2,'E','hqajdMA4Q8aIgmn7mXq4ENAr','E4','Lucca España S.L.',NULL,'Avenida de la Constitución 29
2e étage / 2. StockMadridMadrid28013ESAvenida de la Constitución 29
28013 Madrid
España',0);
INSERT INTO "unit" VALUES(5,2,'E','5JytCbIcA2jLuRNe2VQS4dZK','E5','Lucca Italia S.r.l.',NULL,'Via dei Condotti 53RomaRM00187ITVia dei Condotti 53
00187 Roma
Italia',0);
INSERT INTO "unit" VALUES(6,2,'E','lmjiEdnDwc11JYCMFPWaf6KH','E6','Lucca Portugal Lda',NULL,'Rua de São João 24LisboaLisboa1100-053PTRua de São João 24
1100-053 Lisboa
Portugal',0);
INSERT INTO "unit" VALUES(7,2,'E','WDz7UUFelZgqM5Uy3COnNa1P','E7','Lucca United Kingdom Ltd',NULL,'54 St Andrew’s SquareLondonEnglandEC1A 1BBGB54 St Andrew’s Square
EC1A 1BB London
United Kingdom',0);
INSERT INTO "unit" VALUES(8,2,'G','pn3ORNp3YXsq4gLVANL3ruYU','C1','4100 Verwaltung','COST_CENTER',NULL,0);
INSERT INTO "unit" VALUES(9,2,'G','eYOWGIS8ZAZSSrRzjMzedqz9','D1','Engineering','DEPARTMENT',NULL,0);
INSERT INTO "unit" VALUES(10,2,'G','Wdg5YbqcYI80HfsPubfVLglz','T1','Team Albatros','TEAM',NULL,0);
INSERT INTO "unit" VALUES(11,2,'G','bRmzwKFfeaM3R7UZhHpFjT3N','T2','Équipe Bleue','TEAM',NULL,0);
INSERT INTO "unit" VALUES(12,2,'L','fqbRoIWqXOy3RftG5BrS7iqu','L1','Lyon',NULL,NULL,0);
INSERT INTO "unit" VALUES(13,2,'L','bslo9WIli220Hz9gctmXVV7K','L10','Madrid',NULL,NULL,0);
INSERT INTO "unit" VALUES(14,2,'L','Rk94YcXuQbsI5tTHhRnsN3iK','L11','A Coruña',NULL,NULL,0);
INSERT INTO "unit" VALUES(15,2,'L','Scw0PQ3qcrN0jHpGENUr1Y9F','L12','L’Hospitalet',NULL,NULL,0);
INSERT INTO "unit" VALUES(16,2,'L','eaLfwD8pOh7eyxKRg66Idzs7','L13','Roma',NULL,NULL,0);
INSERT INTO "unit" VALUES(17,2,'L','hDIort9NRUZhs2ARfGge5JHU','L14','Forlì',NULL,NULL,0);
INSERT INTO "unit" VALUES(18,2,'L','JGYvurGcUfl33geNmNof1SWX','L15','Milano',NULL,NULL,0);
INSERT INTO "unit" VALUES(19,2,'L','EoJEA9GnpqqoK3cnI5rWkMx5','L16','Lisboa',NULL,NULL,0);
INSERT INTO "unit" VALUES(20,2,'L','nlyBfMVuKEtruvhs9VkS9NWB','L17','Évora',NULL,NULL,0);
INSERT INTO "unit" VALUES(21,2,'L','KftS4YHTKv0SDYWS4YhE36Ra','L18','São João da Madeira',NULL,NULL,0);
INSERT INTO "unit" VALUES(22,2,'L','Iu6aQSHUzNrIeJedVpII3Vap','L19','London',NULL,NULL,0);
INSERT INTO "unit" VALUES(23,2,'L','PgjBwbZW0vWSbhDCjia9t7hi','L2','Paris',NULL,NULL,0);
INSERT INTO "unit" VALUES(24,2,'L','J6BFNJvyGI1HMoUOEJCwfHzb','L20','Edinburgh',NULL,NULL,0);
INSERT INTO "unit" VALUES(25,2,'L','vW7YRIb8YM6lfEVXJITtAL9o','L21','Ynys Môn',NULL,NULL,0);
INSERT INTO "unit" VALUES(26,2,'L','4mRGQ6PMhEYYO2Y8SHEG5U6s','L3','Nîmes',NULL,NULL,0);
INSERT INTO "unit" VALUES(27,2,'L','tduMqFvsuVFRS8UDSQ3UiDaT','L4','Antwerpen',NULL,NULL,0);
INSERT INTO "unit" VALUES(28,2,'L','zdElKsIXyubiCycZcwHQceG9','L5','Bruxelles',NULL,NULL,0);
INSERT INTO "unit" VALUES(29,2,'L','23j720uLWUuiibQvab6DpIid','L6','Liège',NULL,NULL,0);
INSERT INTO "unit" VALUES(30,2,'L','1qmnTNDo13nQSwx4EwISkAhE','L7','Köln',NULL,NULL,0);
INSERT INTO "unit" VALUES(31,2,'L','onLoUvpX9VFGJvJXUOFlYBC7','L8','München',NULL,NULL,0);
INSERT INTO "unit" VALUES(32,2,'L','PGWfhZIEhwTsmcYsGoqc0F2U','L9','Berlin',NULL,NULL,0);
INSERT INTO "unit" VALUES(33,1,'E','1L9xpgqufvNdDqEXKx1rh9ji','E1','Personio France SAS',NULL,NULL,0);
INSERT INTO "unit" VALUES(34,1,'E','t1nJVJ2ntHMHSnSpmHPqLnVP','E2','Personio België / Belgique NV',NULL,NULL,0);
INSERT INTO "unit" VALUES(35,1,'E','go8rPzSr5ZjL3jZw1jYfUfsH','E3','Personio Deutschland GmbH',NULL,NULL,0);
INSERT INTO "unit" VALUES(36,1,'E','oYzQUZwifJO6TiTk52tA5JRV','E4','Personio España S.L.',NULL,NULL,0);
INSERT INTO "unit" VALUES(37,1,'G','QJvskeUzYH7J4WYKI2rauzwX','C1','4100 Verwaltung','COST_CENTER',NULL,0);
INSERT INTO "unit" VALUES(38,1,'G','PUJz6HWnPr6tdp3qAcrxv4fg','D1','Engineering','DEPARTMENT',NULL,0);
INSERT INTO "unit" VALUES(39,1,'G','1lg2FVCrPK8OVyTkxT15Sr1m','T1','Team Albatros','TEAM',NULL,0);
INSERT INTO "unit" VALUES(40,1,'L','BLZIiz1BBYzmuqnt49DGbjR8','L1','Lyon',NULL,NULL,0);
INSERT INTO "unit" VALUES(41,1,'L','2iGswTEODUPCyGavFxSyek6r','L10','Madrid',NULL,NULL,0);
INSERT INTO "unit" VALUES(42,1,'L','BWSBQTogzwYDP84XU9zj0kQr','L11','A Coruña',NULL,NULL,0);
INSERT INTO "unit" VALUES(43,1,'L','LpnDUE3Jfzqf7qbyNMf38uQa','L12','L’Hospitalet',NULL,NULL,0);
INSERT INTO "unit" VALUES(44,1,'L','N2AwycIwdkstZnKWi8RYDsfa','L2','Paris',NULL,NULL,0);
INSERT INTO "unit" VALUES(45,1,'L','eS2sOrM3brbBq4ysJlpqSAC7','L3','Nîmes',NULL,NULL,0);
INSERT INTO "unit" VALUES(46,1,'L','0bOUTBSYfM7KDJqNoBj11iBe','L4','Antwerpen',NULL,NULL,0);
INSERT INTO "unit" VALUES(47,1,'L','V3I8Olo7odlxLcKQ3b1cXwpz','L5','Bruxelles',NULL,NULL,0);
INSERT INTO "unit" VALUES(48,1,'L','4zXWjF5jAAfp4xoURPIpeOO2','L6','Liège',NULL,NULL,0);
INSERT INTO "unit" VALUES(49,1,'L','WXBBaWY1zK89VpwrfZqGgwEQ','L7','Köln',NULL,NULL,0);
INSERT INTO "unit" VALUES(50,1,'L','WK3N2K8Ci6eJRB7z1MRjUVBJ','L8','München',NULL,NULL,0);
INSERT INTO "unit" VALUES(51,1,'L','kT6Oo3oJmh4cjrXRke4VEcyp','L9','Berlin',NULL,NULL,0);
CREATE TABLE v_group (
	id		INTEGER PRIMARY KEY,
	uuid		BLOB NOT NULL,
	cn		TEXT NOT NULL,
	type		TEXT NOT NULL,
	source		TEXT NOT NULL
) STRICT;
INSERT INTO "v_group" VALUES(9,X'A7D2D887AA5359BCB9D8796DB770C6F3','Engineering','DEPARTMENT','fr');
INSERT INTO "v_group" VALUES(10,X'4326BE38C2625F6A9977A573C6EC3370','Team Albatros','TEAM','fr');
INSERT INTO "v_group" VALUES(11,X'5C92FFA84B0C5B15A3499E86C74513A8','Équipe Bleue','TEAM','fr');
INSERT INTO "v_group" VALUES(38,X'A06FA258B8445BAE98CDB21655E2F940','Engineering (DEPARTMENT)','DEPARTMENT','de');
INSERT INTO "v_group" VALUES(39,X'BFAD1392EC5F5A15A4700EB68AD9DD2B','Team Albatros (TEAM)','TEAM','de');
CREATE TABLE v_group_shown (
	view		INTEGER NOT NULL,
	grp		INTEGER NOT NULL,
	members		INTEGER NOT NULL,
	member_hash	INTEGER NOT NULL,
	version		INTEGER NOT NULL,
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, grp)
) STRICT, WITHOUT ROWID;
INSERT INTO "v_group_shown" VALUES(1,9,22,4580551693592858729,3830652070155365706,1795176000173679,1795176000313150,3);
INSERT INTO "v_group_shown" VALUES(1,10,14,1396900138725896951,-419036105554545788,1795176000173681,1795176000313152,3);
INSERT INTO "v_group_shown" VALUES(1,11,8,3183651554866961778,-6663836998784301272,1795176000173683,1795176000173683,1);
INSERT INTO "v_group_shown" VALUES(1,38,11,3149085984724816799,1530535712857542265,1795176000287141,1795176000479380,4);
INSERT INTO "v_group_shown" VALUES(1,39,11,3149085984724816799,-4545149005027301274,1795176000287143,1795176000479382,4);
INSERT INTO "v_group_shown" VALUES(2,9,22,4580551693592858729,3830652070155365706,1795176000173680,1795176000313151,3);
INSERT INTO "v_group_shown" VALUES(2,10,14,1396900138725896951,-419036105554545788,1795176000173682,1795176000313153,3);
INSERT INTO "v_group_shown" VALUES(2,11,8,3183651554866961778,-6663836998784301272,1795176000173684,1795176000173684,1);
INSERT INTO "v_group_shown" VALUES(2,38,11,3149085984724816799,1530535712857542265,1795176000287142,1795176000479381,4);
INSERT INTO "v_group_shown" VALUES(2,39,11,3149085984724816799,-4545149005027301274,1795176000287144,1795176000479383,4);
CREATE TABLE v_member (
	person		INTEGER NOT NULL,
	grp		INTEGER NOT NULL,
	PRIMARY KEY (person, grp)
) STRICT, WITHOUT ROWID;
INSERT INTO "v_member" VALUES(1,9);
INSERT INTO "v_member" VALUES(1,10);
INSERT INTO "v_member" VALUES(2,9);
INSERT INTO "v_member" VALUES(2,10);
INSERT INTO "v_member" VALUES(3,9);
INSERT INTO "v_member" VALUES(3,10);
INSERT INTO "v_member" VALUES(5,9);
INSERT INTO "v_member" VALUES(5,10);
INSERT INTO "v_member" VALUES(6,9);
INSERT INTO "v_member" VALUES(6,10);
INSERT INTO "v_member" VALUES(7,9);
INSERT INTO "v_member" VALUES(7,10);
INSERT INTO "v_member" VALUES(9,9);
INSERT INTO "v_member" VALUES(9,10);
INSERT INTO "v_member" VALUES(10,9);
INSERT INTO "v_member" VALUES(10,11);
INSERT INTO "v_member" VALUES(11,9);
INSERT INTO "v_member" VALUES(11,11);
INSERT INTO "v_member" VALUES(12,9);
INSERT INTO "v_member" VALUES(12,11);
INSERT INTO "v_member" VALUES(13,9);
INSERT INTO "v_member" VALUES(13,11);
INSERT INTO "v_member" VALUES(14,9);
INSERT INTO "v_member" VALUES(14,11);
INSERT INTO "v_member" VALUES(15,9);
INSERT INTO "v_member" VALUES(15,11);
INSERT INTO "v_member" VALUES(16,9);
INSERT INTO "v_member" VALUES(16,11);
INSERT INTO "v_member" VALUES(17,9);
INSERT INTO "v_member" VALUES(17,11);
INSERT INTO "v_member" VALUES(18,9);
INSERT INTO "v_member" VALUES(18,10);
INSERT INTO "v_member" VALUES(19,9);
INSERT INTO "v_member" VALUES(19,10);
INSERT INTO "v_member" VALUES(20,9);
INSERT INTO "v_member" VALUES(20,10);
INSERT INTO "v_member" VALUES(21,9);
INSERT INTO "v_member" VALUES(21,10);
INSERT INTO "v_member" VALUES(22,9);
INSERT INTO "v_member" VALUES(22,10);
INSERT INTO "v_member" VALUES(23,9);
INSERT INTO "v_member" VALUES(23,10);
INSERT INTO "v_member" VALUES(24,9);
INSERT INTO "v_member" VALUES(24,10);
INSERT INTO "v_member" VALUES(26,38);
INSERT INTO "v_member" VALUES(26,39);
INSERT INTO "v_member" VALUES(27,38);
INSERT INTO "v_member" VALUES(27,39);
INSERT INTO "v_member" VALUES(28,38);
INSERT INTO "v_member" VALUES(28,39);
INSERT INTO "v_member" VALUES(29,38);
INSERT INTO "v_member" VALUES(29,39);
INSERT INTO "v_member" VALUES(30,38);
INSERT INTO "v_member" VALUES(30,39);
INSERT INTO "v_member" VALUES(31,38);
INSERT INTO "v_member" VALUES(31,39);
INSERT INTO "v_member" VALUES(32,38);
INSERT INTO "v_member" VALUES(32,39);
INSERT INTO "v_member" VALUES(33,38);
INSERT INTO "v_member" VALUES(33,39);
INSERT INTO "v_member" VALUES(34,38);
INSERT INTO "v_member" VALUES(34,39);
INSERT INTO "v_member" VALUES(35,38);
INSERT INTO "v_member" VALUES(35,39);
INSERT INTO "v_member" VALUES(36,38);
INSERT INTO "v_member" VALUES(36,39);
CREATE TABLE v_person (
	id		INTEGER PRIMARY KEY,
	uuid		BLOB NOT NULL,
	uid		TEXT NOT NULL,
	status		INTEGER NOT NULL,
	active		INTEGER NOT NULL,
	source		TEXT NOT NULL,
	hash		INTEGER NOT NULL
, employee_number TEXT, first_name TEXT, last_name TEXT, display_name TEXT, work_email TEXT, personal_email TEXT, mobile_phone TEXT, job_title TEXT, employment_status TEXT, employment_type TEXT, start_date TEXT, termination_date TEXT, legal_entity TEXT, work_location TEXT, home_address TEXT, manager TEXT, department TEXT, team TEXT, cost_center TEXT, groups TEXT) STRICT;
INSERT INTO "v_person" VALUES(1,X'40CD0CD9C23D57A7A9A68D5D5805EBB6','chiara.dangelo',1,1,'fr',8508922366991297148,'00042','Chiara','D’Angelo','Chiara D’Angelo','chiara.dangelo@it.lucca-demo.example',NULL,NULL,'Amministratrice delegata',NULL,NULL,'2015-09-02',NULL,'Lucca Italia S.r.l.','Milano',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(2,X'6CB5FB0E13C75C63819271682C93A824','conceicao.magalhaes',1,1,'fr',871281591519410927,'00043','Conceição','Magalhães','Conceição Magalhães','conceicao.magalhaes@pt.lucca-demo.example',NULL,NULL,'Diretora comercial',NULL,NULL,'2013-10-21',NULL,'Lucca Portugal Lda','Lisboa',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(3,X'7D2DE74FD21E5AFD89596C93624D4406','sian.osullivan',1,1,'fr',-7369902895313432894,'00044','Siân','O’Sullivan','Siân O’Sullivan','sian.osullivan@gb.lucca-demo.example',NULL,NULL,'Head of operations',NULL,NULL,'2018-09-02',NULL,'Lucca United Kingdom Ltd','Ynys Môn',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(4,X'8CA3EF3848B958038C2FB5A9C4038FE5','zoe.lefevre',3,0,'fr',-6579718384796241132,'00045','Zoë','Lefèvre','Zoë Lefèvre','zoe.lefevre@fr.lucca-demo.example',NULL,NULL,'Directrice des opérations',NULL,NULL,'2020-04-02','2026-11-10','Lucca France SAS','Lyon',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(5,X'DC7566106DF7557AA85A5695E717286C','anke.vandenbroeck',1,1,'fr',6912038918340276451,'00046','Anke','Van den Broeck','Anke Van den Broeck','anke.vandenbroeck@be.lucca-demo.example',NULL,NULL,'Directeur Operaties',NULL,NULL,'2014-02-07',NULL,'Lucca België / Belgique NV','Liège',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(6,X'314C1CD4913553F69A96D77EE97ABAB9','juergen-marie.mueller',2,1,'fr',-6871475099296075284,'00047','Jürgen-Marie','Müller','Jürgen-Marie Müller','juergen-marie.mueller@de.lucca-demo.example',NULL,NULL,'Bereichsleiter',NULL,NULL,'2018-12-04','2026-12-24','Lucca Deutschland GmbH','Berlin',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(7,X'019C5E1ED0EF5C7D9D522E4257B61F0A','begona.nunez',1,1,'fr',1772559359614356835,'00048','Begoña','Núñez de Balboa','Begoña Núñez de Balboa','begona.nunez@es.lucca-demo.example',NULL,NULL,'Directora financiera',NULL,NULL,'2024-12-02',NULL,'Lucca España S.L.','A Coruña',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(8,X'9A314132DDA155698B0F8061A2253D16','pilar.blanco',3,0,'fr',3093918391199633579,'00049','Pilar','Blanco','Pilar Blanco','pilar.blanco@es.lucca-demo.example',NULL,NULL,'Directora financiera',NULL,NULL,'2023-02-13',NULL,'Lucca España S.L.','L’Hospitalet',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(9,X'7A5F2B077964596A9E4984C8CCE916A4','aurora.barbieri',1,1,'fr',8396264943794099672,'00050','Aurora','Barbieri','Aurora Barbieri','aurora.barbieri@it.lucca-demo.example',NULL,NULL,'Responsabile qualità',NULL,NULL,'2023-10-07',NULL,'Lucca Italia S.r.l.','Milano',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(10,X'9F00EFC2FBF7544189871841BE8EA026','constanca.sa',1,1,'fr',-8765593102840582684,'00051','Constança','Sá','Constança Sá','constanca.sa@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa',NULL,NULL,'2021-02-03',NULL,'Lucca Portugal Lda','São João da Madeira',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(11,X'1D9C7A8293E654908CD2BEB5D7937158','isla.taylor',1,1,'fr',7755963047117527177,'00052','Isla','Taylor','Isla Taylor','isla.taylor@gb.lucca-demo.example',NULL,NULL,'Team lead',NULL,NULL,'2014-03-17',NULL,'Lucca United Kingdom Ltd','Ynys Môn',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(12,X'A64D81623D2A5F7CA3B75536ABE0B9EA','francoise.saint-exupery',1,1,'fr',2618304232510321282,'00053','Françoise','Saint-Exupéry','Françoise Saint-Exupéry','francoise.saint-exupery@fr.lucca-demo.example',NULL,NULL,'Juriste',NULL,NULL,'2022-07-14',NULL,'Lucca France SAS','Paris',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(13,X'4EFD5AC8289B5D8BAC61E8C05A09F242','an-sofie.hermans',1,1,'fr',-1409939952155402315,'00054','An-Sofie','Hermans','An-Sofie Hermans','an-sofie.hermans@be.lucca-demo.example',NULL,NULL,'Keeper of the keys',NULL,NULL,'2024-03-11',NULL,'Lucca België / Belgique NV','Bruxelles',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(14,X'7DE037F99F2F53469DA1E53D36E04D1C','katharina.zuguttenfels',1,1,'fr',5447116891303192556,'00055','Katharina','Freiherr zu Guttenfels','Katharina Freiherr zu Guttenfels','katharina.zuguttenfels@de.lucca-demo.example',NULL,NULL,'Teamleiterin',NULL,NULL,'2024-12-12',NULL,'Lucca Deutschland GmbH','Köln',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(15,X'13161906D0365ED5805A9B30F350DBFD','maarten.wouters',1,1,'fr',-6813732644205999742,'00056','Maarten','Wouters','Maarten Wouters','maarten.wouters@be.lucca-demo.example',NULL,NULL,'HR-verantwoordelijke',NULL,NULL,'2019-04-09',NULL,'Lucca België / Belgique NV','Antwerpen',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(16,X'D96630FEB0CA54EEBD965100142E415D','torsten.krueger',1,1,'fr',-3992733897982655672,'00057','Torsten','Krüger','Torsten Krüger','torsten.krueger@de.lucca-demo.example',NULL,NULL,'Teamleiterin',NULL,NULL,'2025-04-23',NULL,'Lucca Deutschland GmbH','München',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(17,X'A76A82D696DD51DD94DF333D7B336619','ramon.domenech',1,1,'fr',-7057077851970764427,'00058','Ramón','Domènech','Ramón Domènech','ramon.domenech@es.lucca-demo.example',NULL,NULL,'Responsable de equipo',NULL,NULL,'2021-09-21',NULL,'Lucca España S.L.','L’Hospitalet',NULL,NULL,'Engineering','Équipe Bleue','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(18,X'B489EE02E793544596ECDC18BF64889D','dario.bianchi',1,1,'fr',7976838354329206413,'00059','Dario','Bianchi','Dario Bianchi','dario.bianchi@it.lucca-demo.example',NULL,NULL,'Capoturno',NULL,NULL,'2020-09-02',NULL,'Lucca Italia S.r.l.','Roma',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(19,X'6A29F569C8105AB08E3095FDAB224740','nuno.brandao',1,1,'fr',-733964405045788667,'00060','Nuno','Brandão','Nuno Brandão','nuno.brandao@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa',NULL,NULL,'2026-03-11',NULL,'Lucca Portugal Lda','São João da Madeira',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(20,X'81972D13C44650ADB9FA4C1C2A03E132','ewan.cholmondeley',1,1,'fr',-2329628392630073282,'00061','Ewan','Cholmondeley','Ewan Cholmondeley','ewan.cholmondeley@gb.lucca-demo.example',NULL,NULL,'Team lead',NULL,NULL,'2018-09-24',NULL,'Lucca United Kingdom Ltd','Edinburgh',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(21,X'22DC7E11A977575AB58CBBC69C942AA9','etienne.guerin',1,1,'fr',-5193888864240879546,'00062','Étienne','Guérin','Étienne Guérin','etienne.guerin@fr.lucca-demo.example',NULL,NULL,'Juriste',NULL,NULL,'2022-11-28',NULL,'Lucca France SAS','Nîmes',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(22,X'CBCFA8B351D75E319073610E252F5F4E','mariagrazia.marchetti',1,1,'fr',-6407201982796063772,'00063','Maria Grazia','Marchetti','Maria Grazia Marchetti','mariagrazia.marchetti@it.lucca-demo.example',NULL,NULL,'Capoturno',NULL,NULL,'2022-09-25',NULL,'Lucca Italia S.r.l.','Forlì',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(23,X'4C923F682E0556AEB9705A1F4DC45F5F','matilde.guimaraes',1,1,'fr',8680910740874037442,'00064','Matilde','Guimarães','Matilde Guimarães','matilde.guimaraes@pt.lucca-demo.example',NULL,NULL,'Chefe de equipa',NULL,NULL,'2020-06-19',NULL,'Lucca Portugal Lda','Lisboa',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(24,X'ADB2CDF3321756CC8E4911378035930E','olwen.okafor',1,1,'fr',4653240161621705165,'00065','Olwen','Okafor','Olwen Okafor','olwen.okafor@gb.lucca-demo.example',NULL,NULL,'Team lead',NULL,NULL,'2015-03-14',NULL,'Lucca United Kingdom Ltd','Ynys Môn',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(26,X'4E894025B9AB518A918B004B672D81C0','liesbeth.vandenbroeck',1,1,'de',2188258520316528437,'00043','Liesbeth','Van den Broeck','Liesbeth Van den Broeck','liesbeth.vandenbroeck@be.personio-demo.example',NULL,NULL,'Directeur Operaties',NULL,'FULL_TIME','2014-01-31',NULL,'Personio België / Belgique NV','Bruxelles',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(27,X'4DF667371392519F921C13A1EC8F76C2','kaethe.mueller',1,1,'de',2506313446385025026,'00044','Käthe','Müller','Käthe Müller','kaethe.mueller@de.personio-demo.example',NULL,NULL,'Bereichsleiter',NULL,'FULL_TIME','2017-05-20',NULL,'Personio Deutschland GmbH','Köln',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(28,X'FCFFB662003A5F24949FB17C638EADE3','lucia.nunez',1,1,'de',1230480504152270390,'00045','Lucía','Núñez de Balboa','Lucía Núñez de Balboa','lucia.nunez@es.personio-demo.example',NULL,NULL,'Directora financiera',NULL,'FULL_TIME','2023-09-23',NULL,'Personio España S.L.','L’Hospitalet',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(29,X'BE094EA6B1C456B4BC451132F6509272','inigo.castano',1,1,'de',7737818054376083591,'00046','Íñigo','Castaño','Íñigo Castaño','inigo.castano@es.personio-demo.example',NULL,NULL,'Directora financiera',NULL,'FULL_TIME','2019-05-31',NULL,'Personio España S.L.','A Coruña',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(30,X'17E1A56BCA8D52F8AEDEAA10BA7B7EAD','jerome.delatour',1,1,'de',4561739461638549199,'00047','Jérôme','de La Tour','Jérôme de La Tour','jerome.delatour@fr.personio-demo.example',NULL,NULL,'Directrice des opérations',NULL,'FULL_TIME','2016-09-05',NULL,'Personio France SAS','Nîmes',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(31,X'A4CDBE3097B454D983B79EF08DD9C9EE','wouter.claes',1,1,'de',-4877994006840131607,'00048','Wouter','Claes','Wouter Claes','wouter.claes@be.personio-demo.example',NULL,NULL,'Directeur Operaties',NULL,'FULL_TIME','2026-06-08',NULL,'Personio België / Belgique NV','Antwerpen',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(32,X'9CA11CD8EBB959968161A2436A78FF43','joerg.zimmermann',1,1,'de',7702565973219770808,'00049','Jörg','Zimmermann','Jörg Zimmermann','joerg.zimmermann@de.personio-demo.example',NULL,NULL,'Bereichsleiter',NULL,'FULL_TIME','2016-07-08',NULL,'Personio Deutschland GmbH','Köln',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(33,X'C2FFB70B7B61561189FF0E0C6DC390E4','raoul.vandenbroeck',1,1,'de',5502591435754932560,'00050','Raoul','Van den Broeck','Raoul Van den Broeck','raoul.vandenbroeck@be.personio-demo.example',NULL,NULL,'Directeur Operaties',NULL,'FULL_TIME','2016-11-18',NULL,'Personio België / Belgique NV','Liège',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(34,X'B623A11303465F399B4D285C584892E5','maximilian.mueller',1,1,'de',-1716895765426925680,'00051','Maximilian','Müller','Maximilian Müller','maximilian.mueller@de.personio-demo.example',NULL,NULL,'Teamleiterin',NULL,'FULL_TIME','2020-06-24',NULL,'Personio Deutschland GmbH','Köln',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(35,X'37EF384D7ED95AC4806761F5A78C5EDF','martin.nunez',1,1,'de',-8768418127934664455,'00052','Martín','Núñez de Balboa','Martín Núñez de Balboa','martin.nunez@es.personio-demo.example',NULL,NULL,'Responsable de equipo',NULL,'FULL_TIME','2025-10-25',NULL,'Personio España S.L.','L’Hospitalet',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
INSERT INTO "v_person" VALUES(36,X'D1C1C3B90BE35EDC9FB58CA469AD0F3F','raphael.lefevre',1,1,'de',-8715672514647770811,'00053','Raphaël','Lefèvre','Raphaël Lefèvre','raphael.lefevre@fr.personio-demo.example',NULL,NULL,'Juriste',NULL,'FULL_TIME','2022-04-11',NULL,'Personio France SAS','Paris',NULL,NULL,'Engineering','Team Albatros','4100 Verwaltung',NULL);
CREATE TABLE v_setting (
	name		TEXT PRIMARY KEY,
	value		TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "v_setting" VALUES('field.cost_center','readOnly');
INSERT INTO "v_setting" VALUES('field.department','readOnly');
INSERT INTO "v_setting" VALUES('field.display_name','readOnly');
INSERT INTO "v_setting" VALUES('field.employee_number','readOnly');
INSERT INTO "v_setting" VALUES('field.employment_status','readOnly');
INSERT INTO "v_setting" VALUES('field.employment_type','readOnly');
INSERT INTO "v_setting" VALUES('field.first_name','readOnly');
INSERT INTO "v_setting" VALUES('field.groups','readOnly');
INSERT INTO "v_setting" VALUES('field.home_address','off');
INSERT INTO "v_setting" VALUES('field.job_title','readWrite');
INSERT INTO "v_setting" VALUES('field.last_name','readOnly');
INSERT INTO "v_setting" VALUES('field.legal_entity','readOnly');
INSERT INTO "v_setting" VALUES('field.manager','readOnly');
INSERT INTO "v_setting" VALUES('field.mobile_phone','off');
INSERT INTO "v_setting" VALUES('field.personal_email','off');
INSERT INTO "v_setting" VALUES('field.start_date','readOnly');
INSERT INTO "v_setting" VALUES('field.team','readOnly');
INSERT INTO "v_setting" VALUES('field.termination_date','readOnly');
INSERT INTO "v_setting" VALUES('field.work_email','readOnly');
INSERT INTO "v_setting" VALUES('field.work_location','readOnly');
INSERT INTO "v_setting" VALUES('max_age',NULL);
INSERT INTO "v_setting" VALUES('organization',NULL);
INSERT INTO "v_setting" VALUES('suffix','dc=example,dc=com');
INSERT INTO "v_setting" VALUES('user_name','work-email');
INSERT INTO "v_setting" VALUES('view.ldap','active offboarding');
INSERT INTO "v_setting" VALUES('view.scim','onboarding active offboarding departed');
CREATE TABLE v_shown (
	view		INTEGER NOT NULL,
	person		INTEGER NOT NULL,
	manager		INTEGER,
	version		INTEGER NOT NULL,
	created		INTEGER NOT NULL,
	modified	INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "v_shown" VALUES(1,1,NULL,-1762392613536103333,1795176000173631,1795176000173631,1);
INSERT INTO "v_shown" VALUES(1,2,1,-5214879339324760829,1795176000173633,1795176000173633,1);
INSERT INTO "v_shown" VALUES(1,3,1,4990680247551946966,1795176000173635,1795176000173635,1);
INSERT INTO "v_shown" VALUES(1,5,1,825877987496104695,1795176000173639,1795176000173639,1);
INSERT INTO "v_shown" VALUES(1,6,1,5489108043569304576,1795176000173641,1795176000313148,3);
INSERT INTO "v_shown" VALUES(1,7,1,-4313601571229814921,1795176000173643,1795176000173643,1);
INSERT INTO "v_shown" VALUES(1,9,1,2310104012949927916,1795176000173647,1795176000173647,1);
INSERT INTO "v_shown" VALUES(1,10,2,8059701578876390806,1795176000173649,1795176000173649,1);
INSERT INTO "v_shown" VALUES(1,11,2,6134513655124949051,1795176000173651,1795176000173651,1);
INSERT INTO "v_shown" VALUES(1,12,2,996854840517743156,1795176000173653,1795176000173653,1);
INSERT INTO "v_shown" VALUES(1,13,2,-3031389344147980441,1795176000173655,1795176000491248,5);
INSERT INTO "v_shown" VALUES(1,14,2,3825667499310614430,1795176000173657,1795176000173657,1);
INSERT INTO "v_shown" VALUES(1,15,2,-8435182036198577868,1795176000173659,1795176000173659,1);
INSERT INTO "v_shown" VALUES(1,16,2,-5614183289975233798,1795176000173661,1795176000173661,1);
INSERT INTO "v_shown" VALUES(1,17,2,-8678527243963342553,1795176000173663,1795176000173663,1);
INSERT INTO "v_shown" VALUES(1,18,3,152041345640116579,1795176000173665,1795176000173665,1);
INSERT INTO "v_shown" VALUES(1,19,3,-8558761413734878501,1795176000173667,1795176000173667,1);
INSERT INTO "v_shown" VALUES(1,20,3,8292318672390388500,1795176000173669,1795176000173669,1);
INSERT INTO "v_shown" VALUES(1,21,3,5428058200779582236,1795176000173671,1795176000173671,1);
INSERT INTO "v_shown" VALUES(1,22,3,4214745082224398010,1795176000173673,1795176000173673,1);
INSERT INTO "v_shown" VALUES(1,23,3,856113732184947608,1795176000173675,1795176000173675,1);
INSERT INTO "v_shown" VALUES(1,24,3,-3171556847067384669,1795176000173677,1795176000173677,1);
INSERT INTO "v_shown" VALUES(1,26,NULL,7881607746773187462,1795176000287119,1795176000479364,4);
INSERT INTO "v_shown" VALUES(1,27,NULL,8199662672841684051,1795176000287121,1795176000479366,4);
INSERT INTO "v_shown" VALUES(1,28,NULL,6923829730608929415,1795176000287123,1795176000479368,4);
INSERT INTO "v_shown" VALUES(1,29,NULL,-5015576792876809000,1795176000287125,1795176000479370,4);
INSERT INTO "v_shown" VALUES(1,30,NULL,-8191655385614343392,1795176000287127,1795176000479372,4);
INSERT INTO "v_shown" VALUES(1,31,NULL,815355219616527418,1795176000287129,1795176000479374,4);
INSERT INTO "v_shown" VALUES(1,32,NULL,-5050828874033121783,1795176000287131,1795176000479376,4);
INSERT INTO "v_shown" VALUES(1,33,NULL,-7250803411497960031,1795176000287133,1795176000479378,4);
INSERT INTO "v_shown" VALUES(1,34,26,-2564343170804803711,1795176000287135,1795176000287135,2);
INSERT INTO "v_shown" VALUES(1,35,26,8830878540397009130,1795176000287137,1795176000287137,2);
INSERT INTO "v_shown" VALUES(1,36,26,8883624153683902774,1795176000287139,1795176000287139,2);
INSERT INTO "v_shown" VALUES(2,1,NULL,-1762392613536103333,1795176000173632,1795176000173632,1);
INSERT INTO "v_shown" VALUES(2,2,1,-5214879339324760829,1795176000173634,1795176000173634,1);
INSERT INTO "v_shown" VALUES(2,3,1,4990680247551946966,1795176000173636,1795176000173636,1);
INSERT INTO "v_shown" VALUES(2,4,1,-2394564335113012407,1795176000173638,1795176000313147,3);
INSERT INTO "v_shown" VALUES(2,5,1,825877987496104695,1795176000173640,1795176000173640,1);
INSERT INTO "v_shown" VALUES(2,6,1,5489108043569304576,1795176000173642,1795176000313149,3);
INSERT INTO "v_shown" VALUES(2,7,1,-4313601571229814921,1795176000173644,1795176000173644,1);
INSERT INTO "v_shown" VALUES(2,8,1,7279072440882862304,1795176000173646,1795176000313145,3);
INSERT INTO "v_shown" VALUES(2,9,1,2310104012949927916,1795176000173648,1795176000173648,1);
INSERT INTO "v_shown" VALUES(2,10,2,8059701578876390806,1795176000173650,1795176000173650,1);
INSERT INTO "v_shown" VALUES(2,11,2,6134513655124949051,1795176000173652,1795176000173652,1);
INSERT INTO "v_shown" VALUES(2,12,2,996854840517743156,1795176000173654,1795176000173654,1);
INSERT INTO "v_shown" VALUES(2,13,2,-3031389344147980441,1795176000173656,1795176000491249,5);
INSERT INTO "v_shown" VALUES(2,14,2,3825667499310614430,1795176000173658,1795176000173658,1);
INSERT INTO "v_shown" VALUES(2,15,2,-8435182036198577868,1795176000173660,1795176000173660,1);
INSERT INTO "v_shown" VALUES(2,16,2,-5614183289975233798,1795176000173662,1795176000173662,1);
INSERT INTO "v_shown" VALUES(2,17,2,-8678527243963342553,1795176000173664,1795176000173664,1);
INSERT INTO "v_shown" VALUES(2,18,3,152041345640116579,1795176000173666,1795176000173666,1);
INSERT INTO "v_shown" VALUES(2,19,3,-8558761413734878501,1795176000173668,1795176000173668,1);
INSERT INTO "v_shown" VALUES(2,20,3,8292318672390388500,1795176000173670,1795176000173670,1);
INSERT INTO "v_shown" VALUES(2,21,3,5428058200779582236,1795176000173672,1795176000173672,1);
INSERT INTO "v_shown" VALUES(2,22,3,4214745082224398010,1795176000173674,1795176000173674,1);
INSERT INTO "v_shown" VALUES(2,23,3,856113732184947608,1795176000173676,1795176000173676,1);
INSERT INTO "v_shown" VALUES(2,24,3,-3171556847067384669,1795176000173678,1795176000173678,1);
INSERT INTO "v_shown" VALUES(2,26,NULL,7881607746773187462,1795176000287120,1795176000479365,4);
INSERT INTO "v_shown" VALUES(2,27,NULL,8199662672841684051,1795176000287122,1795176000479367,4);
INSERT INTO "v_shown" VALUES(2,28,NULL,6923829730608929415,1795176000287124,1795176000479369,4);
INSERT INTO "v_shown" VALUES(2,29,NULL,-5015576792876809000,1795176000287126,1795176000479371,4);
INSERT INTO "v_shown" VALUES(2,30,NULL,-8191655385614343392,1795176000287128,1795176000479373,4);
INSERT INTO "v_shown" VALUES(2,31,NULL,815355219616527418,1795176000287130,1795176000479375,4);
INSERT INTO "v_shown" VALUES(2,32,NULL,-5050828874033121783,1795176000287132,1795176000479377,4);
INSERT INTO "v_shown" VALUES(2,33,NULL,-7250803411497960031,1795176000287134,1795176000479379,4);
INSERT INTO "v_shown" VALUES(2,34,26,-2564343170804803711,1795176000287136,1795176000287136,2);
INSERT INTO "v_shown" VALUES(2,35,26,8830878540397009130,1795176000287138,1795176000287138,2);
INSERT INTO "v_shown" VALUES(2,36,26,8883624153683902774,1795176000287140,1795176000287140,2);
CREATE TABLE v_tombstone (
	view		INTEGER NOT NULL,
	uuid		BLOB NOT NULL,
	kind		TEXT NOT NULL,
	stamp		INTEGER NOT NULL,
	revision	INTEGER NOT NULL,
	PRIMARY KEY (view, uuid)
) STRICT, WITHOUT ROWID;
INSERT INTO "v_tombstone" VALUES(1,X'5AF8B0D2536B5705AB060A45EDE05C5C','P',1795176000479362,4);
INSERT INTO "v_tombstone" VALUES(1,X'8CA3EF3848B958038C2FB5A9C4038FE5','P',1795176000313146,3);
INSERT INTO "v_tombstone" VALUES(1,X'9A314132DDA155698B0F8061A2253D16','P',1795176000313144,3);
INSERT INTO "v_tombstone" VALUES(2,X'5AF8B0D2536B5705AB060A45EDE05C5C','P',1795176000479363,4);
CREATE TABLE value (
	person		INTEGER NOT NULL,
	field		TEXT NOT NULL,
	state		TEXT NOT NULL,
	value		TEXT,
	PRIMARY KEY (person, field)
) STRICT, WITHOUT ROWID;
INSERT INTO "value" VALUES(1,'job_title','S','Amministratrice delegata');
INSERT INTO "value" VALUES(2,'job_title','S','Diretora comercial');
INSERT INTO "value" VALUES(3,'job_title','S','Head of operations');
INSERT INTO "value" VALUES(4,'cost_center','Z','4100 Verwaltung');
INSERT INTO "value" VALUES(4,'department','Z','Engineering');
INSERT INTO "value" VALUES(4,'employee_number','Z','00045');
INSERT INTO "value" VALUES(4,'employment_type','Z',NULL);
INSERT INTO "value" VALUES(4,'first_name','Z','Zoë');
INSERT INTO "value" VALUES(4,'home_address','O',NULL);
INSERT INTO "value" VALUES(4,'job_title','S','Directrice des opérations');
INSERT INTO "value" VALUES(4,'last_name','Z','Lefèvre');
INSERT INTO "value" VALUES(4,'legal_entity','Z','Lucca France SAS');
INSERT INTO "value" VALUES(4,'manager','Z','Xb2z07Clk6qoKT5zpHrwMMtP');
INSERT INTO "value" VALUES(4,'mobile_phone','O',NULL);
INSERT INTO "value" VALUES(4,'personal_email','O',NULL);
INSERT INTO "value" VALUES(4,'team','Z','Team Albatros');
INSERT INTO "value" VALUES(4,'work_email','Z','zoe.lefevre@fr.lucca-demo.example');
INSERT INTO "value" VALUES(4,'work_location','Z','Lyon');
INSERT INTO "value" VALUES(5,'job_title','S','Directeur Operaties');
INSERT INTO "value" VALUES(6,'job_title','S','Bereichsleiter');
INSERT INTO "value" VALUES(7,'job_title','S','Directora financiera');
INSERT INTO "value" VALUES(8,'cost_center','Z','4100 Verwaltung');
INSERT INTO "value" VALUES(8,'department','Z','Engineering');
INSERT INTO "value" VALUES(8,'employee_number','Z','00049');
INSERT INTO "value" VALUES(8,'employment_type','Z',NULL);
INSERT INTO "value" VALUES(8,'first_name','Z','Pilar');
INSERT INTO "value" VALUES(8,'home_address','O',NULL);
INSERT INTO "value" VALUES(8,'job_title','S','Directora financiera');
INSERT INTO "value" VALUES(8,'last_name','Z','Blanco');
INSERT INTO "value" VALUES(8,'legal_entity','Z','Lucca España S.L.');
INSERT INTO "value" VALUES(8,'manager','Z','Xb2z07Clk6qoKT5zpHrwMMtP');
INSERT INTO "value" VALUES(8,'mobile_phone','O',NULL);
INSERT INTO "value" VALUES(8,'personal_email','O',NULL);
INSERT INTO "value" VALUES(8,'team','Z','Team Albatros');
INSERT INTO "value" VALUES(8,'work_email','Z','pilar.blanco@es.lucca-demo.example');
INSERT INTO "value" VALUES(8,'work_location','Z','L’Hospitalet');
INSERT INTO "value" VALUES(9,'job_title','S','Responsabile qualità');
INSERT INTO "value" VALUES(9,'work_email','K','aurora.barbieri@it.lucca-demo.example');
INSERT INTO "value" VALUES(10,'job_title','S','Chefe de equipa');
INSERT INTO "value" VALUES(11,'job_title','S','Team lead');
INSERT INTO "value" VALUES(12,'job_title','S','Juriste');
INSERT INTO "value" VALUES(13,'job_title','L','Keeper of the keys');
INSERT INTO "value" VALUES(14,'job_title','S','Teamleiterin');
INSERT INTO "value" VALUES(15,'job_title','S','HR-verantwoordelijke');
INSERT INTO "value" VALUES(16,'job_title','S','Teamleiterin');
INSERT INTO "value" VALUES(17,'job_title','S','Responsable de equipo');
INSERT INTO "value" VALUES(18,'job_title','S','Capoturno');
INSERT INTO "value" VALUES(19,'job_title','S','Chefe de equipa');
INSERT INTO "value" VALUES(20,'job_title','S','Team lead');
INSERT INTO "value" VALUES(21,'job_title','S','Juriste');
INSERT INTO "value" VALUES(22,'job_title','S','Capoturno');
INSERT INTO "value" VALUES(23,'job_title','S','Chefe de equipa');
INSERT INTO "value" VALUES(24,'job_title','S','Team lead');
CREATE TABLE view (
	id		INTEGER PRIMARY KEY AUTOINCREMENT,
	name		TEXT NOT NULL UNIQUE,
	revision	INTEGER NOT NULL DEFAULT 0,
	stamp		INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "view" VALUES(1,'ldap',5,1795176000491248);
INSERT INTO "view" VALUES(2,'scim',5,1795176000491249);
CREATE UNIQUE INDEX record_kombo ON record (source, kombo);
CREATE INDEX record_remote ON record (source, remote) WHERE remote IS NOT NULL;
CREATE INDEX record_person ON record (person) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX unit_kombo ON unit (source, model, kombo);
CREATE UNIQUE INDEX person_uid ON person (uid);
CREATE INDEX person_mail ON person (mail) WHERE mail IS NOT NULL;
CREATE INDEX person_wanted ON person (wanted_mail) WHERE wanted_mail IS NOT NULL;
CREATE INDEX person_due ON person (due) WHERE due IS NOT NULL;
CREATE INDEX value_pending ON value (person) WHERE state IN ('W', 'O');
CREATE INDEX v_shown_revision ON v_shown (view, revision);
CREATE INDEX v_group_shown_revision ON v_group_shown (view, revision);
CREATE INDEX v_tombstone_revision ON v_tombstone (view, revision);
CREATE UNIQUE INDEX client_name ON client (protocol, name);
CREATE INDEX run_source ON run (source, id);
CREATE INDEX employee_manager ON employee (manager) WHERE manager IS NOT NULL;
CREATE INDEX employee_number ON employee (employee_number) WHERE employee_number IS NOT NULL;
CREATE INDEX value_manager ON value (value) WHERE field = 'manager';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('view',2);
COMMIT;
