// Generated from schemas/crd/seccomp-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { SeccompProfile } from '../crd/seccomp-profile.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

const schema31 = {"type":"object","required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"type":"string","enum":["security-profiles-operator.x-k8s.io/v1beta1"]},"kind":{"type":"string","enum":["SeccompProfile"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":253},"generateName":{"type":"string","maxLength":253},"namespace":{"type":"string","maxLength":63},"labels":{"type":"object","additionalProperties":{"type":"string"}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true},"spec":{"type":"object","required":["defaultAction"],"properties":{"disabled":{"type":"boolean"},"baseProfileName":{"type":"string","minLength":1,"maxLength":512},"defaultAction":{"type":"string","enum":["SCMP_ACT_KILL","SCMP_ACT_KILL_PROCESS","SCMP_ACT_KILL_THREAD","SCMP_ACT_TRAP","SCMP_ACT_ERRNO","SCMP_ACT_TRACE","SCMP_ACT_ALLOW","SCMP_ACT_LOG","SCMP_ACT_NOTIFY"]},"defaultErrnoRet":{"minimum":0,"maximum":65535,"type":"integer"},"architectures":{"type":"array","maxItems":32,"uniqueItems":true,"items":{"type":"string","enum":["SCMP_ARCH_NATIVE","SCMP_ARCH_X86","SCMP_ARCH_X86_64","SCMP_ARCH_X32","SCMP_ARCH_ARM","SCMP_ARCH_AARCH64","SCMP_ARCH_MIPS","SCMP_ARCH_MIPS64","SCMP_ARCH_MIPS64N32","SCMP_ARCH_MIPSEL","SCMP_ARCH_MIPSEL64","SCMP_ARCH_MIPSEL64N32","SCMP_ARCH_PPC","SCMP_ARCH_PPC64","SCMP_ARCH_PPC64LE","SCMP_ARCH_S390","SCMP_ARCH_S390X","SCMP_ARCH_PARISC","SCMP_ARCH_PARISC64","SCMP_ARCH_RISCV64"]}},"flags":{"type":"array","maxItems":8,"uniqueItems":true,"items":{"type":"string","enum":["SECCOMP_FILTER_FLAG_TSYNC","SECCOMP_FILTER_FLAG_LOG","SECCOMP_FILTER_FLAG_SPEC_ALLOW","SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]}},"listenerPath":{"type":"string","maxLength":107,"pattern":"^/var/run/security-profiles-operator/\\.*[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$"},"listenerMetadata":{"type":"string","maxLength":4096},"syscalls":{"type":"array","maxItems":10000,"items":{"type":"object","required":["names","action"],"properties":{"names":{"type":"array","minItems":1,"maxItems":1000,"uniqueItems":true,"items":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[^\\x00-\\x20\\x7f]+$"}},"action":{"type":"string","enum":["SCMP_ACT_KILL","SCMP_ACT_KILL_PROCESS","SCMP_ACT_KILL_THREAD","SCMP_ACT_TRAP","SCMP_ACT_ERRNO","SCMP_ACT_TRACE","SCMP_ACT_ALLOW","SCMP_ACT_LOG","SCMP_ACT_NOTIFY"]},"errnoRet":{"minimum":0,"maximum":65535,"type":"integer"},"args":{"type":"array","maxItems":6,"items":{"type":"object","required":["index","op"],"properties":{"index":{"minimum":0,"maximum":5,"type":"integer"},"op":{"type":"string","enum":["SCMP_CMP_NE","SCMP_CMP_LT","SCMP_CMP_LE","SCMP_CMP_EQ","SCMP_CMP_GE","SCMP_CMP_GT","SCMP_CMP_MASKED_EQ"]},"value":{"int-or-string":{"minimum":0,"pattern":"^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$"}},"valueTwo":{"int-or-string":{"minimum":0,"pattern":"^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$"}}},"additionalProperties":false}}},"additionalProperties":false}}},"additionalProperties":false},"status":{"type":"object","properties":{"status":{"type":"string","enum":["Error","Terminating","Partial","Disabled","Pending","InProgress","Installed"]},"observedGeneration":{"type":"integer","minimum":0},"conditions":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/condition"}},"path":{"type":"string","maxLength":4096},"localhostProfile":{"type":"string","maxLength":1024},"seccompProfile.localhostProfile":{"type":"string","maxLength":1024},"nodes":{"$ref":"#/$defs/node-counts"},"failures":{"type":"array","maxItems":10,"items":{"$ref":"#/$defs/node-failure"}},"activeWorkloads":{"type":"array","maxItems":1000,"items":{"type":"string","maxLength":317}},"activeWorkloadCount":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false}},"additionalProperties":false,"$defs":{"condition":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false},"node-counts":{"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false},"node-failure":{"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false}}};
const schema32 = {"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false};
const schema33 = {"type":"object","properties":{"desired":{"minimum":0,"maximum":2147483647,"type":"integer"},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"}},"additionalProperties":false};
const schema34 = {"type":"object","required":["nodeName","message"],"properties":{"nodeName":{"type":"string","maxLength":253},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024}},"additionalProperties":false};
const func1 = countCharacters;
const func4 = Object.prototype.hasOwnProperty;
const func11 = isIntOrString;
const pattern4 = new RegExp("^/var/run/security-profiles-operator/\\.*[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$", "u");
const pattern5 = new RegExp("^[^\\x00-\\x20\\x7f]+$", "u");
const pattern6 = new RegExp("^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$", "u");
const pattern7 = new RegExp("^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$", "u");
const pattern8 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", "u");
const pattern9 = new RegExp("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "security-profiles-operator.x-k8s.io/v1beta1")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "SeccompProfile")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 253){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.generateName !== undefined){
let data4 = data2.generateName;
if(typeof data4 === "string"){
if(func1(data4) > 253){
const err12 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data5 = data2.namespace;
if(typeof data5 === "string"){
if(func1(data5) > 63){
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.labels !== undefined){
let data6 = data2.labels;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
const err16 = {instancePath:instancePath+"/metadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data8 = data2.annotations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(typeof data8[key2] !== "string"){
const err18 = {instancePath:instancePath+"/metadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.spec !== undefined){
let data10 = data.spec;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.defaultAction === undefined){
const err21 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "defaultAction"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
for(const key3 in data10){
if(!(func4.call(schema31.properties.spec.properties, key3))){
const err22 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data10.disabled !== undefined){
if(typeof data10.disabled !== "boolean"){
const err23 = {instancePath:instancePath+"/spec/disabled",schemaPath:"#/properties/spec/properties/disabled/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data10.baseProfileName !== undefined){
let data12 = data10.baseProfileName;
if(typeof data12 === "string"){
if(func1(data12) > 512){
const err24 = {instancePath:instancePath+"/spec/baseProfileName",schemaPath:"#/properties/spec/properties/baseProfileName/maxLength",keyword:"maxLength",params:{limit: 512}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(func1(data12) < 1){
const err25 = {instancePath:instancePath+"/spec/baseProfileName",schemaPath:"#/properties/spec/properties/baseProfileName/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/spec/baseProfileName",schemaPath:"#/properties/spec/properties/baseProfileName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data10.defaultAction !== undefined){
let data13 = data10.defaultAction;
if(typeof data13 !== "string"){
const err27 = {instancePath:instancePath+"/spec/defaultAction",schemaPath:"#/properties/spec/properties/defaultAction/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!(((((((((data13 === "SCMP_ACT_KILL") || (data13 === "SCMP_ACT_KILL_PROCESS")) || (data13 === "SCMP_ACT_KILL_THREAD")) || (data13 === "SCMP_ACT_TRAP")) || (data13 === "SCMP_ACT_ERRNO")) || (data13 === "SCMP_ACT_TRACE")) || (data13 === "SCMP_ACT_ALLOW")) || (data13 === "SCMP_ACT_LOG")) || (data13 === "SCMP_ACT_NOTIFY"))){
const err28 = {instancePath:instancePath+"/spec/defaultAction",schemaPath:"#/properties/spec/properties/defaultAction/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.defaultAction.enum}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data10.defaultErrnoRet !== undefined){
let data14 = data10.defaultErrnoRet;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err29 = {instancePath:instancePath+"/spec/defaultErrnoRet",schemaPath:"#/properties/spec/properties/defaultErrnoRet/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 65535 || isNaN(data14)){
const err30 = {instancePath:instancePath+"/spec/defaultErrnoRet",schemaPath:"#/properties/spec/properties/defaultErrnoRet/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data14 < 0 || isNaN(data14)){
const err31 = {instancePath:instancePath+"/spec/defaultErrnoRet",schemaPath:"#/properties/spec/properties/defaultErrnoRet/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
if(data10.architectures !== undefined){
let data15 = data10.architectures;
if(Array.isArray(data15)){
if(data15.length > 32){
const err32 = {instancePath:instancePath+"/spec/architectures",schemaPath:"#/properties/spec/properties/architectures/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
const len0 = data15.length;
for(let i0=0; i0<len0; i0++){
let data16 = data15[i0];
if(typeof data16 !== "string"){
const err33 = {instancePath:instancePath+"/spec/architectures/" + i0,schemaPath:"#/properties/spec/properties/architectures/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(!((((((((((((((((((((data16 === "SCMP_ARCH_NATIVE") || (data16 === "SCMP_ARCH_X86")) || (data16 === "SCMP_ARCH_X86_64")) || (data16 === "SCMP_ARCH_X32")) || (data16 === "SCMP_ARCH_ARM")) || (data16 === "SCMP_ARCH_AARCH64")) || (data16 === "SCMP_ARCH_MIPS")) || (data16 === "SCMP_ARCH_MIPS64")) || (data16 === "SCMP_ARCH_MIPS64N32")) || (data16 === "SCMP_ARCH_MIPSEL")) || (data16 === "SCMP_ARCH_MIPSEL64")) || (data16 === "SCMP_ARCH_MIPSEL64N32")) || (data16 === "SCMP_ARCH_PPC")) || (data16 === "SCMP_ARCH_PPC64")) || (data16 === "SCMP_ARCH_PPC64LE")) || (data16 === "SCMP_ARCH_S390")) || (data16 === "SCMP_ARCH_S390X")) || (data16 === "SCMP_ARCH_PARISC")) || (data16 === "SCMP_ARCH_PARISC64")) || (data16 === "SCMP_ARCH_RISCV64"))){
const err34 = {instancePath:instancePath+"/spec/architectures/" + i0,schemaPath:"#/properties/spec/properties/architectures/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.architectures.items.enum}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
let i1 = data15.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data15[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err35 = {instancePath:instancePath+"/spec/architectures",schemaPath:"#/properties/spec/properties/architectures/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err36 = {instancePath:instancePath+"/spec/architectures",schemaPath:"#/properties/spec/properties/architectures/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data10.flags !== undefined){
let data17 = data10.flags;
if(Array.isArray(data17)){
if(data17.length > 8){
const err37 = {instancePath:instancePath+"/spec/flags",schemaPath:"#/properties/spec/properties/flags/maxItems",keyword:"maxItems",params:{limit: 8}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
const len1 = data17.length;
for(let i2=0; i2<len1; i2++){
let data18 = data17[i2];
if(typeof data18 !== "string"){
const err38 = {instancePath:instancePath+"/spec/flags/" + i2,schemaPath:"#/properties/spec/properties/flags/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(!((((data18 === "SECCOMP_FILTER_FLAG_TSYNC") || (data18 === "SECCOMP_FILTER_FLAG_LOG")) || (data18 === "SECCOMP_FILTER_FLAG_SPEC_ALLOW")) || (data18 === "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"))){
const err39 = {instancePath:instancePath+"/spec/flags/" + i2,schemaPath:"#/properties/spec/properties/flags/items/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.flags.items.enum}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
let i3 = data17.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data17[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err40 = {instancePath:instancePath+"/spec/flags",schemaPath:"#/properties/spec/properties/flags/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err41 = {instancePath:instancePath+"/spec/flags",schemaPath:"#/properties/spec/properties/flags/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data10.listenerPath !== undefined){
let data19 = data10.listenerPath;
if(typeof data19 === "string"){
if(func1(data19) > 107){
const err42 = {instancePath:instancePath+"/spec/listenerPath",schemaPath:"#/properties/spec/properties/listenerPath/maxLength",keyword:"maxLength",params:{limit: 107}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(!pattern4.test(data19)){
const err43 = {instancePath:instancePath+"/spec/listenerPath",schemaPath:"#/properties/spec/properties/listenerPath/pattern",keyword:"pattern",params:{pattern: "^/var/run/security-profiles-operator/\\.*[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/spec/listenerPath",schemaPath:"#/properties/spec/properties/listenerPath/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data10.listenerMetadata !== undefined){
let data20 = data10.listenerMetadata;
if(typeof data20 === "string"){
if(func1(data20) > 4096){
const err45 = {instancePath:instancePath+"/spec/listenerMetadata",schemaPath:"#/properties/spec/properties/listenerMetadata/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/spec/listenerMetadata",schemaPath:"#/properties/spec/properties/listenerMetadata/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data10.syscalls !== undefined){
let data21 = data10.syscalls;
if(Array.isArray(data21)){
if(data21.length > 10000){
const err47 = {instancePath:instancePath+"/spec/syscalls",schemaPath:"#/properties/spec/properties/syscalls/maxItems",keyword:"maxItems",params:{limit: 10000}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
const len2 = data21.length;
for(let i4=0; i4<len2; i4++){
let data22 = data21[i4];
if(data22 && typeof data22 == "object" && !Array.isArray(data22)){
if(data22.names === undefined){
const err48 = {instancePath:instancePath+"/spec/syscalls/" + i4,schemaPath:"#/properties/spec/properties/syscalls/items/required",keyword:"required",params:{missingProperty: "names"}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data22.action === undefined){
const err49 = {instancePath:instancePath+"/spec/syscalls/" + i4,schemaPath:"#/properties/spec/properties/syscalls/items/required",keyword:"required",params:{missingProperty: "action"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
for(const key4 in data22){
if(!((((key4 === "names") || (key4 === "action")) || (key4 === "errnoRet")) || (key4 === "args"))){
const err50 = {instancePath:instancePath+"/spec/syscalls/" + i4,schemaPath:"#/properties/spec/properties/syscalls/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data22.names !== undefined){
let data23 = data22.names;
if(Array.isArray(data23)){
if(data23.length > 1000){
const err51 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names",schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data23.length < 1){
const err52 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names",schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
const len3 = data23.length;
for(let i5=0; i5<len3; i5++){
let data24 = data23[i5];
if(typeof data24 === "string"){
if(func1(data24) > 64){
const err53 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names/" + i5,schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/items/maxLength",keyword:"maxLength",params:{limit: 64}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(func1(data24) < 1){
const err54 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names/" + i5,schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/items/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(!pattern5.test(data24)){
const err55 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names/" + i5,schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/items/pattern",keyword:"pattern",params:{pattern: "^[^\\x00-\\x20\\x7f]+$"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names/" + i5,schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
let i6 = data23.length;
let j2;
if(i6 > 1){
const indices2 = {};
for(;i6--;){
let item2 = data23[i6];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err57 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names",schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j2}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
break;
}
indices2[item2] = i6;
}
}
}
else {
const err58 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/names",schemaPath:"#/properties/spec/properties/syscalls/items/properties/names/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data22.action !== undefined){
let data25 = data22.action;
if(typeof data25 !== "string"){
const err59 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/action",schemaPath:"#/properties/spec/properties/syscalls/items/properties/action/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(!(((((((((data25 === "SCMP_ACT_KILL") || (data25 === "SCMP_ACT_KILL_PROCESS")) || (data25 === "SCMP_ACT_KILL_THREAD")) || (data25 === "SCMP_ACT_TRAP")) || (data25 === "SCMP_ACT_ERRNO")) || (data25 === "SCMP_ACT_TRACE")) || (data25 === "SCMP_ACT_ALLOW")) || (data25 === "SCMP_ACT_LOG")) || (data25 === "SCMP_ACT_NOTIFY"))){
const err60 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/action",schemaPath:"#/properties/spec/properties/syscalls/items/properties/action/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.syscalls.items.properties.action.enum}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data22.errnoRet !== undefined){
let data26 = data22.errnoRet;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err61 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/errnoRet",schemaPath:"#/properties/spec/properties/syscalls/items/properties/errnoRet/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 65535 || isNaN(data26)){
const err62 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/errnoRet",schemaPath:"#/properties/spec/properties/syscalls/items/properties/errnoRet/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data26 < 0 || isNaN(data26)){
const err63 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/errnoRet",schemaPath:"#/properties/spec/properties/syscalls/items/properties/errnoRet/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
if(data22.args !== undefined){
let data27 = data22.args;
if(Array.isArray(data27)){
if(data27.length > 6){
const err64 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/maxItems",keyword:"maxItems",params:{limit: 6}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
const len4 = data27.length;
for(let i7=0; i7<len4; i7++){
let data28 = data27[i7];
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.index === undefined){
const err65 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7,schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/required",keyword:"required",params:{missingProperty: "index"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data28.op === undefined){
const err66 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7,schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/required",keyword:"required",params:{missingProperty: "op"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
for(const key5 in data28){
if(!((((key5 === "index") || (key5 === "op")) || (key5 === "value")) || (key5 === "valueTwo"))){
const err67 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7,schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data28.index !== undefined){
let data29 = data28.index;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
const err68 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/index",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/index/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 5 || isNaN(data29)){
const err69 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/index",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/index/maximum",keyword:"maximum",params:{comparison: "<=", limit: 5}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
if(data29 < 0 || isNaN(data29)){
const err70 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/index",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/index/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
}
if(data28.op !== undefined){
let data30 = data28.op;
if(typeof data30 !== "string"){
const err71 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/op",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/op/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(!(((((((data30 === "SCMP_CMP_NE") || (data30 === "SCMP_CMP_LT")) || (data30 === "SCMP_CMP_LE")) || (data30 === "SCMP_CMP_EQ")) || (data30 === "SCMP_CMP_GE")) || (data30 === "SCMP_CMP_GT")) || (data30 === "SCMP_CMP_MASKED_EQ"))){
const err72 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/op",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/op/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.syscalls.items.properties.args.items.properties.op.enum}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data28.value !== undefined){
if(!func11(data28.value, 0, pattern6)){
const err73 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/value",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/value/int-or-string",keyword:"int-or-string",params:{pattern: "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$"}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data28.valueTwo !== undefined){
if(!func11(data28.valueTwo, 0, pattern7)){
const err74 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7+"/valueTwo",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/properties/valueTwo/int-or-string",keyword:"int-or-string",params:{pattern: "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args/" + i7,schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
else {
const err76 = {instancePath:instancePath+"/spec/syscalls/" + i4+"/args",schemaPath:"#/properties/spec/properties/syscalls/items/properties/args/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
}
else {
const err77 = {instancePath:instancePath+"/spec/syscalls/" + i4,schemaPath:"#/properties/spec/properties/syscalls/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
else {
const err78 = {instancePath:instancePath+"/spec/syscalls",schemaPath:"#/properties/spec/properties/syscalls/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
}
else {
const err79 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data.status !== undefined){
let data33 = data.status;
if(data33 && typeof data33 == "object" && !Array.isArray(data33)){
for(const key6 in data33){
if(!(func4.call(schema31.properties.status.properties, key6))){
const err80 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
if(data33.status !== undefined){
let data34 = data33.status;
if(typeof data34 !== "string"){
const err81 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(!(((((((data34 === "Error") || (data34 === "Terminating")) || (data34 === "Partial")) || (data34 === "Disabled")) || (data34 === "Pending")) || (data34 === "InProgress")) || (data34 === "Installed"))){
const err82 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.status.enum}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data33.observedGeneration !== undefined){
let data35 = data33.observedGeneration;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err83 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 < 0 || isNaN(data35)){
const err84 = {instancePath:instancePath+"/status/observedGeneration",schemaPath:"#/properties/status/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
if(data33.conditions !== undefined){
let data36 = data33.conditions;
if(Array.isArray(data36)){
if(data36.length > 32){
const err85 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
const len5 = data36.length;
for(let i8=0; i8<len5; i8++){
let data37 = data36[i8];
if(data37 && typeof data37 == "object" && !Array.isArray(data37)){
if(data37.type === undefined){
const err86 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data37.status === undefined){
const err87 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "status"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(data37.reason === undefined){
const err88 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(data37.lastTransitionTime === undefined){
const err89 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "lastTransitionTime"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
for(const key7 in data37){
if(!((((((key7 === "type") || (key7 === "status")) || (key7 === "observedGeneration")) || (key7 === "lastTransitionTime")) || (key7 === "reason")) || (key7 === "message"))){
const err90 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data37.type !== undefined){
let data38 = data37.type;
if(typeof data38 === "string"){
if(func1(data38) > 316){
const err91 = {instancePath:instancePath+"/status/conditions/" + i8+"/type",schemaPath:"#/$defs/condition/properties/type/maxLength",keyword:"maxLength",params:{limit: 316}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(func1(data38) < 1){
const err92 = {instancePath:instancePath+"/status/conditions/" + i8+"/type",schemaPath:"#/$defs/condition/properties/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/status/conditions/" + i8+"/type",schemaPath:"#/$defs/condition/properties/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data37.status !== undefined){
let data39 = data37.status;
if(typeof data39 !== "string"){
const err94 = {instancePath:instancePath+"/status/conditions/" + i8+"/status",schemaPath:"#/$defs/condition/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(!(((data39 === "True") || (data39 === "False")) || (data39 === "Unknown"))){
const err95 = {instancePath:instancePath+"/status/conditions/" + i8+"/status",schemaPath:"#/$defs/condition/properties/status/enum",keyword:"enum",params:{allowedValues: schema32.properties.status.enum}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data37.observedGeneration !== undefined){
let data40 = data37.observedGeneration;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err96 = {instancePath:instancePath+"/status/conditions/" + i8+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 < 0 || isNaN(data40)){
const err97 = {instancePath:instancePath+"/status/conditions/" + i8+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
}
if(data37.lastTransitionTime !== undefined){
let data41 = data37.lastTransitionTime;
if(typeof data41 === "string"){
if(!pattern8.test(data41)){
const err98 = {instancePath:instancePath+"/status/conditions/" + i8+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/status/conditions/" + i8+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data37.reason !== undefined){
let data42 = data37.reason;
if(typeof data42 === "string"){
if(func1(data42) > 1024){
const err100 = {instancePath:instancePath+"/status/conditions/" + i8+"/reason",schemaPath:"#/$defs/condition/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(func1(data42) < 1){
const err101 = {instancePath:instancePath+"/status/conditions/" + i8+"/reason",schemaPath:"#/$defs/condition/properties/reason/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(!pattern9.test(data42)){
const err102 = {instancePath:instancePath+"/status/conditions/" + i8+"/reason",schemaPath:"#/$defs/condition/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
else {
const err103 = {instancePath:instancePath+"/status/conditions/" + i8+"/reason",schemaPath:"#/$defs/condition/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data37.message !== undefined){
let data43 = data37.message;
if(typeof data43 === "string"){
if(func1(data43) > 32768){
const err104 = {instancePath:instancePath+"/status/conditions/" + i8+"/message",schemaPath:"#/$defs/condition/properties/message/maxLength",keyword:"maxLength",params:{limit: 32768}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/status/conditions/" + i8+"/message",schemaPath:"#/$defs/condition/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
else {
const err106 = {instancePath:instancePath+"/status/conditions/" + i8,schemaPath:"#/$defs/condition/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
}
else {
const err107 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
if(data33.path !== undefined){
let data44 = data33.path;
if(typeof data44 === "string"){
if(func1(data44) > 4096){
const err108 = {instancePath:instancePath+"/status/path",schemaPath:"#/properties/status/properties/path/maxLength",keyword:"maxLength",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
else {
const err109 = {instancePath:instancePath+"/status/path",schemaPath:"#/properties/status/properties/path/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data33.localhostProfile !== undefined){
let data45 = data33.localhostProfile;
if(typeof data45 === "string"){
if(func1(data45) > 1024){
const err110 = {instancePath:instancePath+"/status/localhostProfile",schemaPath:"#/properties/status/properties/localhostProfile/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/status/localhostProfile",schemaPath:"#/properties/status/properties/localhostProfile/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data33["seccompProfile.localhostProfile"] !== undefined){
let data46 = data33["seccompProfile.localhostProfile"];
if(typeof data46 === "string"){
if(func1(data46) > 1024){
const err112 = {instancePath:instancePath+"/status/seccompProfile.localhostProfile",schemaPath:"#/properties/status/properties/seccompProfile.localhostProfile/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
else {
const err113 = {instancePath:instancePath+"/status/seccompProfile.localhostProfile",schemaPath:"#/properties/status/properties/seccompProfile.localhostProfile/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
if(data33.nodes !== undefined){
let data47 = data33.nodes;
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
for(const key8 in data47){
if(!((((key8 === "desired") || (key8 === "installed")) || (key8 === "pending")) || (key8 === "failed"))){
const err114 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data47.desired !== undefined){
let data48 = data47.desired;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err115 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 > 2147483647 || isNaN(data48)){
const err116 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(data48 < 0 || isNaN(data48)){
const err117 = {instancePath:instancePath+"/status/nodes/desired",schemaPath:"#/$defs/node-counts/properties/desired/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
}
if(data47.installed !== undefined){
let data49 = data47.installed;
if(!(((typeof data49 == "number") && (!(data49 % 1) && !isNaN(data49))) && (isFinite(data49)))){
const err118 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if((typeof data49 == "number") && (isFinite(data49))){
if(data49 > 2147483647 || isNaN(data49)){
const err119 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if(data49 < 0 || isNaN(data49)){
const err120 = {instancePath:instancePath+"/status/nodes/installed",schemaPath:"#/$defs/node-counts/properties/installed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
}
if(data47.pending !== undefined){
let data50 = data47.pending;
if(!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))){
const err121 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if((typeof data50 == "number") && (isFinite(data50))){
if(data50 > 2147483647 || isNaN(data50)){
const err122 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data50 < 0 || isNaN(data50)){
const err123 = {instancePath:instancePath+"/status/nodes/pending",schemaPath:"#/$defs/node-counts/properties/pending/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
if(data47.failed !== undefined){
let data51 = data47.failed;
if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){
const err124 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
if((typeof data51 == "number") && (isFinite(data51))){
if(data51 > 2147483647 || isNaN(data51)){
const err125 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(data51 < 0 || isNaN(data51)){
const err126 = {instancePath:instancePath+"/status/nodes/failed",schemaPath:"#/$defs/node-counts/properties/failed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
}
else {
const err127 = {instancePath:instancePath+"/status/nodes",schemaPath:"#/$defs/node-counts/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data33.failures !== undefined){
let data52 = data33.failures;
if(Array.isArray(data52)){
if(data52.length > 10){
const err128 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/maxItems",keyword:"maxItems",params:{limit: 10}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
const len6 = data52.length;
for(let i9=0; i9<len6; i9++){
let data53 = data52[i9];
if(data53 && typeof data53 == "object" && !Array.isArray(data53)){
if(data53.nodeName === undefined){
const err129 = {instancePath:instancePath+"/status/failures/" + i9,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "nodeName"}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
if(data53.message === undefined){
const err130 = {instancePath:instancePath+"/status/failures/" + i9,schemaPath:"#/$defs/node-failure/required",keyword:"required",params:{missingProperty: "message"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
for(const key9 in data53){
if(!(((key9 === "nodeName") || (key9 === "reason")) || (key9 === "message"))){
const err131 = {instancePath:instancePath+"/status/failures/" + i9,schemaPath:"#/$defs/node-failure/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
if(data53.nodeName !== undefined){
let data54 = data53.nodeName;
if(typeof data54 === "string"){
if(func1(data54) > 253){
const err132 = {instancePath:instancePath+"/status/failures/" + i9+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
else {
const err133 = {instancePath:instancePath+"/status/failures/" + i9+"/nodeName",schemaPath:"#/$defs/node-failure/properties/nodeName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
if(data53.reason !== undefined){
let data55 = data53.reason;
if(typeof data55 === "string"){
if(func1(data55) > 128){
const err134 = {instancePath:instancePath+"/status/failures/" + i9+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
else {
const err135 = {instancePath:instancePath+"/status/failures/" + i9+"/reason",schemaPath:"#/$defs/node-failure/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data53.message !== undefined){
let data56 = data53.message;
if(typeof data56 === "string"){
if(func1(data56) > 1024){
const err136 = {instancePath:instancePath+"/status/failures/" + i9+"/message",schemaPath:"#/$defs/node-failure/properties/message/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
else {
const err137 = {instancePath:instancePath+"/status/failures/" + i9+"/message",schemaPath:"#/$defs/node-failure/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
}
else {
const err138 = {instancePath:instancePath+"/status/failures/" + i9,schemaPath:"#/$defs/node-failure/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
}
else {
const err139 = {instancePath:instancePath+"/status/failures",schemaPath:"#/properties/status/properties/failures/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data33.activeWorkloads !== undefined){
let data57 = data33.activeWorkloads;
if(Array.isArray(data57)){
if(data57.length > 1000){
const err140 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/maxItems",keyword:"maxItems",params:{limit: 1000}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
const len7 = data57.length;
for(let i10=0; i10<len7; i10++){
let data58 = data57[i10];
if(typeof data58 === "string"){
if(func1(data58) > 317){
const err141 = {instancePath:instancePath+"/status/activeWorkloads/" + i10,schemaPath:"#/properties/status/properties/activeWorkloads/items/maxLength",keyword:"maxLength",params:{limit: 317}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
else {
const err142 = {instancePath:instancePath+"/status/activeWorkloads/" + i10,schemaPath:"#/properties/status/properties/activeWorkloads/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
}
else {
const err143 = {instancePath:instancePath+"/status/activeWorkloads",schemaPath:"#/properties/status/properties/activeWorkloads/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data33.activeWorkloadCount !== undefined){
let data59 = data33.activeWorkloadCount;
if(!(((typeof data59 == "number") && (!(data59 % 1) && !isNaN(data59))) && (isFinite(data59)))){
const err144 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
if((typeof data59 == "number") && (isFinite(data59))){
if(data59 > 2147483647 || isNaN(data59)){
const err145 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if(data59 < 0 || isNaN(data59)){
const err146 = {instancePath:instancePath+"/status/activeWorkloadCount",schemaPath:"#/properties/status/properties/activeWorkloadCount/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
}
else {
const err147 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
}
else {
const err148 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const fits = validate20;

const hints = {
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "must be a time such as 2026-01-31T12:00:00Z",
  "^/var/run/security-profiles-operator/\\.*[a-zA-Z0-9_-][a-zA-Z0-9_.-]*$": "must be /var/run/security-profiles-operator/ and a file name of letters, digits, dots, - and _, not of dots only",
  "^[^\\x00-\\x20\\x7f]+$": "must be the name of a system call, without white space",
  "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,19}|1[0-7][0-9]{18}|18[0-3][0-9]{17}|184[0-3][0-9]{16}|1844[0-5][0-9]{15}|18446[0-6][0-9]{14}|184467[0-3][0-9]{13}|1844674[0-3][0-9]{12}|184467440[0-6][0-9]{10}|1844674407[0-2][0-9]{9}|18446744073[0-6][0-9]{8}|1844674407370[0-8][0-9]{6}|18446744073709[0-4][0-9]{5}|184467440737095[0-4][0-9]{4}|18446744073709550[0-9]{3}|18446744073709551[0-5][0-9]{2}|1844674407370955160[0-9]|1844674407370955161[0-5])$": "must be a whole number from 0 to 18446744073709551615, as an integer or as a string of decimal digits or of hexadecimal ones after 0x",
  "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "must be one CamelCase word"
};

const rules = [
  {
    steps: [],
    field: ["spec","baseProfileName"],
    message: "a profile cannot be its own base profile",
    holds: (self) => (!(self.spec.baseProfileName !== undefined) || (self.spec.baseProfileName !== self.metadata.name)),
  },
  {
    steps: ["spec"],
    field: ["defaultErrnoRet"],
    message: "defaultErrnoRet needs the default action SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
    holds: (self) => ((!(self.defaultErrnoRet !== undefined) || (self.defaultErrnoRet === 0)) || ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'].includes(self.defaultAction)),
  },
  {
    steps: ["spec","syscalls","[]"],
    field: ["errnoRet"],
    message: "errnoRet needs the action SCMP_ACT_ERRNO or SCMP_ACT_TRACE",
    holds: (self) => ((!(self.errnoRet !== undefined) || (self.errnoRet === 0)) || ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE'].includes(self.action)),
  },
];

/** Every fault of a value that should be a SeccompProfile; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validateSeccompProfile(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a SeccompProfile. */
export function isSeccompProfile(value: unknown): value is SeccompProfile {
  return validateSeccompProfile(value).length === 0;
}
