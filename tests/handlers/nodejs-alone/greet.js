module.exports = { greet: (name = "world") => `hello ${name}` };
